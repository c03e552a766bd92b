import type { Encoder } from "./encoder.ts";
import { entryJson } from "./ndjson.ts";

/** One list of all events. */
export const jsonEncoder: Encoder = {
  head: "[",
  entry: (entry, index) => `${index === 0 ? "\n" : ",\n"}${entryJson(entry)}`,
  tail: "\n]\n",
};
