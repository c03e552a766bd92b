import type { Edit, ParkedMessage } from "@sluice/transport/deploy";
import * as l10n from "@vscode/l10n";
import { textOf } from "../events/content.ts";
import { formatJson } from "../events/json/format.ts";
import { isJsonText } from "../events/json/is-json.ts";
import type { ParkedReader } from "../server/server.ts";
import { findParked } from "./find-parked.ts";

/** The language of drafts that are handled in the place of a failed message. */
export const EDITED_LANGUAGE = "sluice-message";

/** What such a draft consists of, in the order in which it is written. `bytes` is in the place of `body` where that is no JSON. */
export const EDITED_KEYS = ["connection", "component", "parked", "type", "headers", "body", "bytes"] as const;

type Message = NonNullable<ParkedMessage["message"]>;

/** Where a draft is for. */
export interface EditedTarget {
  /** The connection's name. */
  readonly connection: string;
  readonly component: string;
  readonly parkedId: string;
}

/** A draft as it stands. */
export interface EditedDraft {
  readonly connectionId: string;
  readonly component: string;
  readonly parkedId: string;
  /** Undefined where it was taken out. */
  readonly type: string | undefined;
  /** The user's own headers, all of them. */
  readonly headers: Readonly<Record<string, string | number | boolean>>;
  readonly body: Pick<Edit, "body" | "json">;
}

/** Names that are the transport's own: they cannot be changed, and stay as they are. */
export const isOwnHeader = (name: string): boolean => name.startsWith("$") || name.startsWith("sluice.");

/** The text of a draft to begin with: the failed message as it is. */
export async function editedMessageText(target: EditedTarget, message: Message): Promise<string> {
  const { connection, component, parkedId } = target;
  const headers = Object.fromEntries(Object.entries(message.headers).filter(([name]) => !isOwnHeader(name)));
  return [
    `// ${l10n.t("An edited message")}`,
    `// ${l10n.t("It is handled in the place of a failed one, which is kept as it was.")}`,
    "{",
    `  "connection": ${JSON.stringify(connection)},`,
    `  "component": ${JSON.stringify(component)},`,
    `  "parked": ${JSON.stringify(parkedId)},`,
    `  "type": ${JSON.stringify(message.type)},`,
    `  "headers": ${indented(await formatJson(JSON.stringify(headers)))},`,
    `  ${await bodyLine(message)}`,
    "}",
    "",
  ].join("\n");
}

async function bodyLine({ body, isJson }: Message): Promise<string> {
  const text = isJson ? textOf(body) : undefined;
  if (text !== undefined && isJsonText(text)) return `"body": ${indented(await formatJson(text))}`;
  return `// ${l10n.t("The body is no JSON: its bytes in Base64")}\n  "bytes": "${Buffer.from(body).toString("base64")}"`;
}

const indented = (text: string): string => text.replaceAll("\n", "\n  ");

/** A message keeps its type: whoever handles it knows it by that. */
export class EditedTypeError extends Error {
  override readonly name = "EditedTypeError";

  constructor(type: string) {
    super(l10n.t("Nothing was sent: a message keeps its type. Write {0} again.", type));
  }
}

/**
 * What a draft wants to be done, by the message as it is on the draft's own server.
 * @throws EditedTypeError, and what the reader throws
 */
export async function editOf(
  parked: Pick<ParkedReader, "list">,
  { component, parkedId, type, headers, body }: EditedDraft,
): Promise<Edit> {
  const original = (await findParked(parked, component, parkedId))?.message;
  if (original !== undefined && type !== undefined && type !== original.type) throw new EditedTypeError(original.type);
  // Of one that is not there any more the server says so itself.
  return { ...body, headers: editedHeaders(original?.headers ?? {}, headers) };
}

/** The headers that make of the original what was edited: those set, and undefined for those taken away. */
export function editedHeaders(original: Message["headers"], wanted: Message["headers"]): NonNullable<Edit["headers"]> {
  const names = Object.keys(original).filter((name) => !isOwnHeader(name));
  return { ...Object.fromEntries(names.map((name) => [name, undefined])), ...wanted };
}
