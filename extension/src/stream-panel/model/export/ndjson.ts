import type { StreamEntry } from "../../../event-store/event-store.ts";
import { eventOf } from "../../../events/link.ts";
import type { Encoder } from "./encoder.ts";
import { exportedBody, exportedFields } from "./exported-fields.ts";

/** An event as JSON on one line: numbers in its bodies keep all of their digits, and its own are strings of them. */
export function entryJson(entry: StreamEntry): string {
  const event = eventOf(entry);
  const fields = Object.entries(exportedFields(entry)).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  fields.push(`"data":${exportedBody(event.data, event.isJson)}`, `"metadata":${exportedBody(event.metadata, true)}`);
  return `{${fields.join(",")}}`;
}

/** One event to a line, so that the file can be read line by line. */
export const ndjsonEncoder: Encoder = { head: "", entry: (entry) => `${entryJson(entry)}\n`, tail: "" };
