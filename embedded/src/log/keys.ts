import { createHash } from "node:crypto";

/** How places are written as LMDB keys: big-endian, so that their order is the order of the bytes. */

/** Room for any revision or position: they stay below 2^53. */
const PLACE_BYTES = 8;
const TWO_32 = 2 ** 32;

function writePlace(target: Buffer, place: number, offset: number): void {
  target.writeUInt32BE(Math.floor(place / TWO_32), offset);
  target.writeUInt32BE(place % TWO_32, offset + 4);
}

function readPlace(source: Uint8Array, offset: number): number {
  const view = new DataView(source.buffer, source.byteOffset + offset, PLACE_BYTES);
  return view.getUint32(0) * TWO_32 + view.getUint32(4);
}

/** Key of a record in the log. */
export function positionKey(position: number): Buffer {
  const key = Buffer.allocUnsafe(PLACE_BYTES);
  writePlace(key, position, 0);
  return key;
}

export function positionOf(bytes: Uint8Array): number {
  return readPlace(bytes, 0);
}

/** Key of an entry in the stream index: the stream's number, then the revision. */
export function indexKey(streamNumber: number, revision: number): Buffer {
  const key = Buffer.allocUnsafe(2 * PLACE_BYTES);
  writePlace(key, streamNumber, 0);
  writePlace(key, revision, PLACE_BYTES);
  return key;
}

export function streamNumberOf(key: Uint8Array): number {
  return readPlace(key, 0);
}

export function revisionOf(key: Uint8Array): number {
  return readPlace(key, PLACE_BYTES);
}

const LONGEST_PLAIN_NAME = 1024;

/**
 * Key of a stream's name. LMDB takes keys of 1 to 1978 bytes, so a longer name is told apart by its digest, and so is
 * the empty one, which a link can name (golden reads/malformed-links).
 */
export function nameKey(name: string): Buffer {
  const bytes = Buffer.from(name);
  if (bytes.length > 0 && bytes.length <= LONGEST_PLAIN_NAME) return bytes;
  return Buffer.concat([bytes.subarray(0, LONGEST_PLAIN_NAME), createHash("sha256").update(bytes).digest()]);
}

/** Whether a key of {@link nameKey} is the whole name. */
export function isPlainNameKey(key: Uint8Array): boolean {
  return key.length <= LONGEST_PLAIN_NAME;
}
