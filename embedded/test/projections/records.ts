import { randomUUID } from "node:crypto";
import type { LogRecord } from "../../src/log/record.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A record as the log would hold it; `metadata` and `data` as text. */
export function record(
  stream: string,
  revision: number,
  type: string,
  more: { readonly data?: string; readonly metadata?: string; readonly isJson?: boolean; readonly id?: string } = {},
): LogRecord {
  return {
    id: more.id ?? randomUUID(),
    stream,
    revision,
    type,
    isJson: more.isJson ?? true,
    data: bytes(more.data ?? "{}"),
    metadata: bytes(more.metadata ?? ""),
    position: 1000 + revision,
    created: Date.UTC(2024, 1, 29, 12, 30, 15, 123),
  };
}

/** A link record in `stream` to `target`, such as `3@orders`. */
export function link(stream: string, revision: number, target: string, metadata = ""): LogRecord {
  return record(stream, revision, "$>", { data: target, metadata, isJson: false });
}
