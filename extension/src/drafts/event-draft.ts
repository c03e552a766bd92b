import * as l10n from "@vscode/l10n";
import { textOf } from "../events/content.ts";
import { formatJson } from "../events/json/format.ts";
import { isJsonText } from "../events/json/is-json.ts";
import type { ExpectedRevision, NewEvent, RecordedEvent } from "../event-store/event-store.ts";

/** The language in which drafts are written: JSON with comments, as the manifest declares it. */
export const DRAFT_LANGUAGE = "sluice-event";

/** What a draft consists of, in the order in which it is written. */
export const DRAFT_KEYS = ["connection", "stream", "expectedRevision", "type", "data", "metadata", "id"] as const;

/** An event that is ready to be appended, and where. */
export interface EventDraft {
  readonly connectionId: string;
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly event: NewEvent;
}

/** Where a new draft leads, as it is written into it. */
export interface DraftTarget {
  /** The connection's name. */
  readonly connection: string;
  readonly stream: string;
  /** The event's id: it is written once, however often the draft is appended. */
  readonly id: string;
  /** The event that it begins as: its type, and what of its data and metadata is JSON. */
  readonly like?: Pick<RecordedEvent, "type" | "data" | "metadata">;
}

/** The text of a draft to begin with. It holds all that appending takes, so that it outlives a reload and can be kept. */
export async function newDraftText({ connection, stream, id, like }: DraftTarget): Promise<string> {
  return [
    `// ${l10n.t("A new event")}`,
    "{",
    `  "connection": ${JSON.stringify(connection)},`,
    `  "stream": ${JSON.stringify(stream)},`,
    `  // ${l10n.t("any, no-stream, stream-exists, or the number of the stream's last event")}`,
    '  "expectedRevision": "any",',
    `  "type": ${JSON.stringify(like?.type ?? "")},`,
    `  "data": ${await jsonOf(like?.data)},`,
    `  "metadata": ${await jsonOf(like?.metadata)},`,
    `  "id": "${id}"`,
    "}",
    "",
  ].join("\n");
}

/** As it stands in a draft, each number with all of its digits. */
async function jsonOf(bytes: Uint8Array | undefined): Promise<string> {
  const text = bytes && textOf(bytes);
  return text !== undefined && isJsonText(text) ? (await formatJson(text)).replaceAll("\n", "\n  ") : "{}";
}

/** Where a new draft wants to be typed into first: between the quotes of its stream, or else of its type. */
export function firstGap(text: string): number {
  const stream = text.indexOf('"stream": ""');
  return stream < 0 ? text.indexOf('"type": "') + '"type": "'.length : stream + '"stream": "'.length;
}
