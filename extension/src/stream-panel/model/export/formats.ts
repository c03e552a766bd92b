import { csvEncoder } from "./csv.ts";
import type { Encoder } from "./encoder.ts";
import { jsonEncoder } from "./json.ts";
import { ndjsonEncoder } from "./ndjson.ts";

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
