import * as l10n from "@vscode/l10n";
import type { ExpectedRevision, NewEvent } from "../../event-store/event-store.ts";

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
}

/** The text of a draft to begin with. It holds all that appending takes, so that it outlives a reload and can be kept. */
export function newDraftText({ connection, stream, id }: DraftTarget): string {
  return [
    `// ${l10n.t("A new event")}`,
    "{",
    `  "connection": ${JSON.stringify(connection)},`,
    `  "stream": ${JSON.stringify(stream)},`,
    `  // ${l10n.t("any, no-stream, stream-exists, or the number of the stream's last event")}`,
    '  "expectedRevision": "any",',
    '  "type": "",',
    '  "data": {},',
    '  "metadata": {},',
    `  "id": "${id}"`,
    "}",
    "",
  ].join("\n");
}

/** Where a new draft wants to be typed into first: between the quotes of its stream, or else of its type. */
export function firstGap(text: string): number {
  const stream = text.indexOf('"stream": ""');
  return stream < 0 ? text.indexOf('"type": "') + '"type": "'.length : stream + '"stream": "'.length;
}
