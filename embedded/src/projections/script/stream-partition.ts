import { recordText } from "../record-text.ts";
import type { ProjectionEvent } from "../handler.ts";

/**
 * The partition of an event in `foreachStream()`: its stream; for a link of `$ce-` the stream that the link's `$o` names
 * (corrections 3.12 "Links as a source"); for metadata the stream they are of. Null for a link to nothing without `$o`.
 */
export function streamPartition({ event, link }: ProjectionEvent): string | null {
  const origin = link === undefined ? undefined : originOf(recordText(link.metadata));
  if (origin !== undefined) return origin;
  if (event === undefined) return null;
  return event.stream.startsWith("$$") ? event.stream.slice(2) : event.stream;
}

function originOf(metadata: string): string | undefined {
  if (!metadata.includes('"$o"')) return undefined;
  try {
    const { $o } = JSON.parse(metadata) as { readonly $o?: unknown };
    return typeof $o === "string" ? $o : undefined;
  } catch {
    return undefined;
  }
}
