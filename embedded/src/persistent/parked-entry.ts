import { type NewRecord, TOMBSTONE_REVISION, TOMBSTONE_REVISION_TEXT } from "../log/record.ts";
import type { Message } from "./message.ts";

const revisionText = (revision: number): string =>
  revision === TOMBSTONE_REVISION ? TOMBSTONE_REVISION_TEXT : String(revision);

/** A message as it lies in the parked stream: a link to its event, with the reason (spec 2.1, golden `persistent/parked-links`). */
export function parkedEntry(message: Message, reason: string, id: string, now: number): NewRecord {
  const { event, link } = message.resolved;
  const target = event
    ? Buffer.from(`${revisionText(event.revision)}@${event.stream}`)
    : (link ?? message.original).data;
  const { revision } = message.original;
  // The server leaves a 0 out (corrections 2.1). The number of a tombstone is more than a double can tell.
  const number = revision === 0 ? "" : `,"subscriptionEventNumber":${revisionText(revision)}`;
  const metadata = `{"added":"${new Date(now).toISOString()}","reason":${JSON.stringify(reason)}${number}}`;
  return { id, type: "$>", isJson: false, data: target, metadata: Buffer.from(metadata) };
}

const ADMINS = "$admins";

/** Metadata of a parked stream from whose beginning entries were replayed (corrections 2.1). */
export function replayedUpTo(revision: number): Uint8Array {
  const acl = { $r: ADMINS, $w: ADMINS, $d: ADMINS, $mr: ADMINS, $mw: ADMINS };
  return Buffer.from(JSON.stringify({ $tb: revision, $acl: acl }));
}
