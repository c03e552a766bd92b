import { crc32 } from "node:zlib";

/**
 * How a group of records lies in a segment of the journal.
 *
 * magic(4) checksum(4) length(4) sequence(8, float64) start(8, float64), then of each record its length (4) and its bytes
 * (record-codec.ts). `length` is that of what follows it; the checksum is a CRC-32 over all behind it, begun with the segment's
 * salt. All numbers are big-endian.
 */
const GROUP_MAGIC = Buffer.from("SlGr");
const CHECKSUM = 4;
const LENGTH = 8;
const SEQUENCE = 12;
const START = 20;
const GROUP_HEADER_BYTES = 28;
const RECORD_LENGTH_BYTES = 4;

/** Records that were written and flushed as one: all of them are there, or none. */
export interface Group {
  /** Number of the attempt to write it, higher than that of each before: of two at one place the later one counts. */
  readonly sequence: number;
  /** Position in the log of its first record; the others follow without a gap. */
  readonly start: number;
  /** Encoded records. */
  readonly records: readonly Buffer[];
}

/** Position right behind the last record of a group. */
export function endOfGroup({ start, records }: Group): number {
  return records.reduce((end, { length }) => end + length, start);
}

export function encodedGroupBytes(records: readonly Buffer[]): number {
  return records.reduce((sum, { length }) => sum + RECORD_LENGTH_BYTES + length, GROUP_HEADER_BYTES);
}

/** Writes a group into `target`, which must have room for it, and answers where it ends. */
export function writeGroup({ sequence, start, records }: Group, salt: number, target: Buffer, offset: number): number {
  const end = offset + encodedGroupBytes(records);
  target.set(GROUP_MAGIC, offset);
  target.writeUInt32BE(end - offset - SEQUENCE, offset + LENGTH);
  target.writeDoubleBE(sequence, offset + SEQUENCE);
  target.writeDoubleBE(start, offset + START);
  let at = offset + GROUP_HEADER_BYTES;
  for (const record of records) {
    at = target.writeUInt32BE(record.length, at);
    target.set(record, at);
    at += record.length;
  }
  target.writeUInt32BE(crc32(target.subarray(offset + LENGTH, end), salt), offset + CHECKSUM);
  return end;
}

/** The group at a place of a segment, whose records are views of it; undefined where there is none, or not all of one. */
export function readGroup(
  segment: Buffer,
  salt: number,
  offset: number,
): { readonly group: Group; readonly end: number } | undefined {
  if (offset + GROUP_HEADER_BYTES > segment.length) return undefined;
  if (!segment.subarray(offset, offset + CHECKSUM).equals(GROUP_MAGIC)) return undefined;
  const end = offset + SEQUENCE + segment.readUInt32BE(offset + LENGTH);
  if (end < offset + GROUP_HEADER_BYTES || end > segment.length) return undefined;
  if (crc32(segment.subarray(offset + LENGTH, end), salt) !== segment.readUInt32BE(offset + CHECKSUM)) return undefined;
  const records: Buffer[] = [];
  for (let at = offset + GROUP_HEADER_BYTES; at < end;) {
    const from = at + RECORD_LENGTH_BYTES;
    at = from + segment.readUInt32BE(at);
    records.push(segment.subarray(from, at));
  }
  const sequence = segment.readDoubleBE(offset + SEQUENCE);
  return { group: { sequence, start: segment.readDoubleBE(offset + START), records }, end };
}

/** Where behind `offset` something begins that looks like a group; undefined where nothing does. */
export function nextLikeness(segment: Buffer, offset: number): number | undefined {
  const at = segment.indexOf(GROUP_MAGIC, offset);
  return at < 0 ? undefined : at;
}
