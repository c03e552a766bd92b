import { TOMBSTONE_REVISION, TOMBSTONE_REVISION_TEXT, type LogRecord } from "../../log/record.ts";
import { recordText } from "../record-text.ts";
import type { ProjectionEvent } from "../handler.ts";

const NO_ID = "00000000-0000-0000-0000-000000000000";
const NOTHING = new Uint8Array(0);

/**
 * An event as the parts of the one text that carries it into a sandbox, in the order in which `world/events.ts` takes them:
 * whether it is JSON, number, stream, id, type, partition, body, metadata, the link's metadata, and whether the engine moved on
 * to it just now. Between them lie bytes 1; where a part holds such a byte itself (or a 0, which would end the text), all of
 * them go as a JSON list behind a byte 2.
 */
export function eventMessage(
  event: ProjectionEvent,
  partition: string,
  isNext: boolean,
): readonly (string | Uint8Array)[] {
  const record = event.event;
  const stream = record === undefined ? missingStream(event) : record.stream;
  const type = record?.type ?? "";
  const head = `${record?.isJson ? "1" : "0"}\x01${numberOf(record)}\x01${stream}\x01${record?.id ?? NO_ID}\x01${type}\x01${partition}\x01`;
  const body = record?.data ?? NOTHING;
  const metadata = record?.metadata ?? NOTHING;
  const linkMetadata = event.link?.metadata ?? NOTHING;
  const tail = isNext ? "\x011" : "\x01";
  if (
    isPlain(body) &&
    isPlain(metadata) &&
    isPlain(linkMetadata) &&
    head.split("\x01").length === 7 &&
    !head.includes("\0")
  ) {
    return [head, body, "\x01", metadata, "\x01", linkMetadata, tail];
  }
  const parts = [record?.isJson ? "1" : "0", numberOf(record), stream, record?.id ?? NO_ID, type, partition];
  return [`\x02${JSON.stringify([...parts, ...[body, metadata, linkMetadata].map(recordText), isNext ? "1" : ""])}`];
}

function numberOf(record: LogRecord | undefined): string {
  if (record === undefined) return "-1";
  return record.revision === TOMBSTONE_REVISION ? TOMBSTONE_REVISION_TEXT : String(record.revision);
}

/** A link to nothing tells a script the stream's name only where the whole stream is gone (corrections 3.12). */
function missingStream({ link, leadsToDeletedStream }: ProjectionEvent): string {
  return leadsToDeletedStream && link !== undefined ? recordText(link.data).replace(/^[^@]*@/, "") : "";
}

function isPlain(bytes: Uint8Array): boolean {
  return bytes.length === 0 || !(bytes.includes(1) || bytes.includes(0));
}
