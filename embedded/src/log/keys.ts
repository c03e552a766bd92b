import { createHash } from "node:crypto";

/**
 * How places are written in LMDB: big-endian, so that their order is the order of the bytes. Keys are written straight into
 * the store's own buffer and read from there.
 */

/** Room for any revision or position: they stay below 2^53. */
const PLACE_BYTES = 8;
const TWO_32 = 2 ** 32;

function writePlace(target: Buffer, place: number, offset: number): number {
  target.writeUInt32BE(Math.floor(place / TWO_32), offset);
  return target.writeUInt32BE(place % TWO_32, offset + 4);
}

const readPlace = (source: Buffer, offset: number): number =>
  source.readUInt32BE(offset) * TWO_32 + source.readUInt32BE(offset + 4);

/** How a store takes keys of one kind. */
export interface KeyCodec<Key> {
  /** Answers where the key ends. */
  readonly writeKey: (key: Key, target: Buffer, start: number) => number;
  readonly readKey: (source: Buffer, start: number) => Key;
}

/** How a store takes values of one kind. What it reads from is its own buffer, good for this call only. */
export interface ValueCodec<Value> {
  readonly encode: (value: Value) => Buffer;
  readonly decode: (source: Buffer) => Value;
}

/** Place of a record in the log, or number of a stream. */
export const placeKey: KeyCodec<number> = {
  writeKey: (place, target, start) => writePlace(target, place, start),
  readKey: readPlace,
};

/** The same as a value. */
export const placeValue: ValueCodec<number> = {
  encode(place) {
    const bytes = Buffer.allocUnsafe(PLACE_BYTES);
    writePlace(bytes, place, 0);
    return bytes;
  },
  decode: (source) => readPlace(source, 0),
};

/** An entry in the stream index: the stream's number, then the revision. */
export type IndexKey = [streamNumber: number, revision: number];

export const indexKey: KeyCodec<IndexKey> = {
  writeKey: ([streamNumber, revision], target, start) =>
    writePlace(target, revision, writePlace(target, streamNumber, start)),
  readKey: (source, start) => [readPlace(source, start), readPlace(source, start + PLACE_BYTES)],
};

/** Bytes of a record. They come out of a pool: memory of its own for each costs more than all else in reading it. */
export const recordValue: ValueCodec<Buffer> = {
  encode: (bytes) => bytes,
  decode(source) {
    // The store's buffer is longer than its contents, whose length it says.
    const bytes = Buffer.allocUnsafe(source.length);
    source.copy(bytes, 0, 0, bytes.length);
    return bytes;
  },
};

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
