import { crc32 } from "node:zlib";
import { type Group, nextLikeness, readGroup } from "./group-codec.ts";

/**
 * How a segment begins: magic(8) log(16) salt(4) checksum(4, CRC-32 of what is before it). Groups follow, one behind the other;
 * behind the last one lies whatever was there before. All numbers are big-endian.
 */
const SEGMENT_MAGIC = Buffer.from("sluice-j");
const LOG_ID = 8;
const SALT = 24;
const CHECKSUM = 28;
export const SEGMENT_HEADER_BYTES = 32;

/** What stands at the beginning of a segment. */
export interface SegmentHeader {
  /** UUID of the log that it belongs to. */
  readonly logId: string;
  /**
   * A random number of 32 bits, another one each time that the segment is begun anew: by it old groups are told from new ones,
   * and what a client has put into an event, looking like a group, from a real one.
   */
  readonly salt: number;
}

export function writeSegmentHeader({ logId, salt }: SegmentHeader, target: Buffer): void {
  target.set(SEGMENT_MAGIC, 0);
  target.write(logId.replaceAll("-", ""), LOG_ID, 16, "hex");
  target.writeUInt32BE(salt, SALT);
  target.writeUInt32BE(crc32(target.subarray(0, CHECKSUM)), CHECKSUM);
}

/** What is in a segment, or the reason why it cannot be used. */
export type SegmentContents = { readonly groups: readonly Group[] } | { readonly fault: string };

/**
 * Reads a whole segment of the log `logId`.
 *
 * Each group is on disk before the next is written, so only the last one can be torn: it was never acknowledged and does not
 * count. A whole one behind one that is not means that the file was damaged, and acknowledged records with it. The header fits
 * into one sector, so it is never torn either.
 */
export function readSegment(segment: Buffer, logId: string): SegmentContents {
  const header = segment.subarray(0, SEGMENT_HEADER_BYTES);
  if (header.every((byte) => byte === 0)) return { groups: [] };
  const isWhole =
    header.length === SEGMENT_HEADER_BYTES &&
    header.subarray(0, LOG_ID).equals(SEGMENT_MAGIC) &&
    crc32(header.subarray(0, CHECKSUM)) === header.readUInt32BE(CHECKSUM);
  if (!isWhole) return { fault: "is not a journal's, or damaged" };
  if (header.toString("hex", LOG_ID, SALT) !== logId.replaceAll("-", "")) return { fault: "belongs to another log" };
  const salt = header.readUInt32BE(SALT);
  const groups: Group[] = [];
  let sequence = -1;
  let offset = SEGMENT_HEADER_BYTES;
  for (let next = readGroup(segment, salt, offset); next !== undefined; next = readGroup(segment, salt, offset)) {
    groups.push(next.group);
    sequence = next.group.sequence;
    offset = next.end;
  }
  for (let at = nextLikeness(segment, offset); at !== undefined; at = nextLikeness(segment, at + 1)) {
    const later = readGroup(segment, salt, at);
    if (later !== undefined && later.group.sequence > sequence) return { fault: `is damaged at its byte ${offset}` };
  }
  return { groups };
}
