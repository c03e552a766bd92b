import type { LogRecord } from "../../log/record.ts";
import { SOFT_DELETED } from "../../streams/stream-metadata.ts";
import { recordText } from "../record-text.ts";

/**
 * The stream that a record is the end of: one that was tombstoned, or soft-deleted by metadata that hide everything.
 * Undefined for any other record.
 */
export function streamDeletedBy(record: Pick<LogRecord, "stream" | "type" | "data">): string | undefined {
  if (record.type === "$streamDeleted" && !record.stream.startsWith("$$")) return record.stream;
  if (record.type !== "$metadata" || !record.stream.startsWith("$$")) return undefined;
  return hidesEverything(recordText(record.data)) ? record.stream.slice(2) : undefined;
}

/** Metadata written by hand need not be JSON; then they delete nothing. */
function hidesEverything(metadata: string): boolean {
  if (!metadata.includes('"$tb"')) return false;
  try {
    return (JSON.parse(metadata) as { readonly $tb?: unknown } | null)?.$tb === SOFT_DELETED;
  } catch {
    return false;
  }
}
