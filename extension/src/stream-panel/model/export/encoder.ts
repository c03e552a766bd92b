import type { StreamEntry } from "../../../event-store/event-store.ts";
import { csvEncoder } from "./csv.ts";
import { jsonEncoder } from "./json.ts";
import { ndjsonEncoder } from "./ndjson.ts";

/** Writes events as a text, piece by piece. */
export interface Encoder {
  readonly head: string;
  /** @param index Which of the events that are written it is, from 0. */
  entry(entry: StreamEntry, index: number): string;
  readonly tail: string;
}

export type ExportFormat = keyof typeof ENCODERS;

/** By the extension of the file. */
export const ENCODERS = { ndjson: ndjsonEncoder, json: jsonEncoder, csv: csvEncoder } as const satisfies Record<
  string,
  Encoder
>;

/** The format that a file's name asks for; NDJSON where it says nothing else. */
export function formatFor(path: string): ExportFormat {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase();
  return extension === "json" || extension === "csv" ? extension : "ndjson";
}
