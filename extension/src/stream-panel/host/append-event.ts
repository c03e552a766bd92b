import { l10n } from "vscode";
import type { Connections } from "../../connections/connections.ts";
import { expectedRevision, newEventOf } from "../model/new-event.ts";
import { askForEvent } from "./ask-for-event.ts";

/**
 * Asks for an event and writes it, as the connection's policy allows. Answers its revision; undefined where the user gave up.
 * @throws WriteRefusedError, WriteCancelledError, and what an append throws.
 */
export async function appendEvent(
  connections: Connections,
  connectionId: string,
  stream: string,
): Promise<string | undefined> {
  const draft = await askForEvent(stream, {
    type: "",
    data: "{}",
    metadata: "",
    id: crypto.randomUUID(),
    expected: "any",
  });
  const expected = draft && expectedRevision(draft.expected);
  if (draft === undefined || expected === undefined) return undefined;
  const what = l10n.t("Append {0} to {1}", draft.type.trim(), stream);
  const store = await connections.openForWriting(connectionId, { what });
  return String(await store.append(stream, expected, [newEventOf(draft)]));
}
