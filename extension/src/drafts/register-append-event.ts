import { commands, Disposable, l10n, ProgressLocation, type TextDocument, window } from "vscode";
import { checkedDrafts } from "../documents/checked-drafts.ts";
import { discardDraft } from "../documents/draft-documents.ts";
import { showError } from "../connections/show-error.ts";
import type { Services } from "../services.ts";
import { ConnectionGoneError } from "../connections/connection-errors.ts";
import { NEW_EVENT_COMMAND } from "./new-event.ts";
import { openDraft } from "./open-draft.ts";
import { OPEN_STREAM_COMMAND, type OpenStream } from "../stream-panel/open-stream.ts";
import { completeDrafts } from "./complete-drafts.ts";
import { DRAFT_LANGUAGE, type EventDraft } from "./event-draft.ts";
import { parseDraft } from "./parse-draft.ts";

const APPEND_COMMAND = "sluice.draft.append";

/** Drafts of events: says at its place what is wrong with one, appends it, and shows what was appended. */
export function registerAppendEvent(services: Services): Disposable {
  const { connections } = services;
  return Disposable.from(
    checkedDrafts({
      language: DRAFT_LANGUAGE,
      problemsOf: (text) => parseDraft(text, connections.all).problems,
      onDidChange: connections.onDidChange,
      lens: { title: l10n.t("Append"), command: APPEND_COMMAND },
    }),
    completeDrafts(services),
    commands.registerCommand(NEW_EVENT_COMMAND, async (connectionId: unknown) => {
      const connection = typeof connectionId === "string" ? connections.find(connectionId) : connections.current;
      if (connection !== undefined) await openDraft({ connection: connection.name, stream: "" });
      else if (typeof connectionId === "string") await showError(new ConnectionGoneError(connectionId));
      else await commands.executeCommand("sluice.addConnection");
    }),
    commands.registerCommand(APPEND_COMMAND, async () => {
      const document = window.activeTextEditor?.document;
      if (document?.languageId === DRAFT_LANGUAGE) await appendDraft(services, document);
    }),
  );
}

async function appendDraft({ connections, log }: Services, document: TextDocument): Promise<void> {
  const { draft, problems } = parseDraft(document.getText(), connections.all);
  if (draft === undefined) {
    const [first] = problems.filter(({ severity }) => severity === "error");
    const line = document.positionAt(first?.from ?? 0).line + 1;
    void window.showErrorMessage(l10n.t("Nothing was appended. Line {0}: {1}", line, first?.text ?? ""));
    return;
  }
  const { version } = document;
  const { connectionId, stream } = draft;
  try {
    const revision = await append(connections, draft);
    // What was typed meanwhile is not what was appended.
    if (document.isUntitled && document.version === version) await discardDraft(document);
    const appended: OpenStream = { connectionId, stream, revision };
    await commands.executeCommand(OPEN_STREAM_COMMAND, appended);
  } catch (error) {
    log.error(error instanceof Error ? error : String(error));
    await showError(error, connections.find(connectionId));
  }
}

async function append(
  connections: Services["connections"],
  { connectionId, stream, expected, event }: EventDraft,
): Promise<string> {
  const what = l10n.t("Append {0} to {1}", event.type, stream);
  const store = await connections.openForWriting(connectionId, { what });
  const title = l10n.t("Appending to {0}", stream);
  return window.withProgress({ location: ProgressLocation.Window, title }, async () =>
    String(await store.append(stream, expected, [event])),
  );
}
