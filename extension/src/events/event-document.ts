import type { RecordedEvent } from "../event-store/event-store.ts";
import { contentOf, hexDump, textOf } from "./content.ts";
import { formatJson } from "./json/format.ts";
import { isJsonText } from "./json/is-json.ts";
import { sortedJson } from "./json/sorted.ts";
import { keyOf } from "./place.ts";

/** An editor can hold this much of what is no text. */
const DUMPED_BYTES = 2 ** 20;

export interface EventDocumentOptions {
  /** Put members in the order of their names, so that a comparison shows what differs and not where it stands. */
  readonly isSorted: boolean;
}

/** The whole event as a JSON document, each number with all of its digits. */
export async function eventDocument(event: RecordedEvent, { isSorted }: EventDocumentOptions): Promise<string> {
  const { commit, prepare } = event.position;
  const head = {
    type: event.type,
    stream: event.stream,
    revision: String(event.revision),
    position: keyOf({ commit: String(commit), prepare: String(prepare) }),
    created: new Date(event.created).toISOString(),
    id: event.id,
  };
  const members = Object.entries(head).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  members.push(`"data":${await jsonOf(event.data, event.isJson, isSorted)}`);
  members.push(`"metadata":${await jsonOf(event.metadata, true, isSorted)}`);
  return `${await formatJson(`{${members.join(",")}}`)}\n`;
}

async function jsonOf(bytes: Uint8Array, isJson: boolean, isSorted: boolean): Promise<string> {
  const content = contentOf(bytes, isJson);
  if (content === "empty") {
    return "null";
  }
  const text = textOf(bytes);
  if (content === "binary" || text === undefined) {
    return JSON.stringify(hexDump(bytes, DUMPED_BYTES).split("\n"));
  }
  if (content === "text" || !isJsonText(text)) {
    return JSON.stringify(text.split("\n"));
  }
  return isSorted ? sortedJson(text) : text;
}
