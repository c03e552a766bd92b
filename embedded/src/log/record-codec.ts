import type { LogRecord } from "./record.ts";

/**
 * How a record lies on disk.
 *
 * flags(1) created(8, float64 ms) id(16) revision(8, float64) then three lengths (4 each: stream, type, metadata)
 * and the bytes of stream, type, metadata and data in this order. All numbers are big-endian.
 */
const HEADER_BYTES = 1 + 8 + 16 + 8 + 3 * 4;
const FLAG_JSON = 1;

const CREATED = 1;
const ID = 9;
const REVISION = 25;
const LENGTHS = 33;

export function encodeRecord(record: LogRecord): Buffer {
  const streamBytes = Buffer.byteLength(record.stream);
  const typeBytes = Buffer.byteLength(record.type);
  const { metadata, data } = record;
  const out = Buffer.allocUnsafe(HEADER_BYTES + streamBytes + typeBytes + metadata.length + data.length);
  out[0] = record.isJson ? FLAG_JSON : 0;
  out.writeDoubleBE(record.created, CREATED);
  out.write(record.id.replaceAll("-", ""), ID, 16, "hex");
  out.writeDoubleBE(record.revision, REVISION);
  out.writeUInt32BE(streamBytes, LENGTHS);
  out.writeUInt32BE(typeBytes, LENGTHS + 4);
  out.writeUInt32BE(metadata.length, LENGTHS + 8);
  let offset = HEADER_BYTES;
  offset += out.write(record.stream, offset, "utf8");
  offset += out.write(record.type, offset, "utf8");
  out.set(metadata, offset);
  out.set(data, offset + metadata.length);
  return out;
}

/** `bytes` must stay untouched while the record lives: its data and metadata are views of them. */
export function decodeRecord(position: number, bytes: Buffer): LogRecord {
  const streamEnd = HEADER_BYTES + bytes.readUInt32BE(LENGTHS);
  const typeEnd = streamEnd + bytes.readUInt32BE(LENGTHS + 4);
  const metadataEnd = typeEnd + bytes.readUInt32BE(LENGTHS + 8);
  return {
    position,
    stream: bytes.toString("utf8", HEADER_BYTES, streamEnd),
    revision: bytes.readDoubleBE(REVISION),
    created: bytes.readDoubleBE(CREATED),
    id: uuidText(bytes),
    type: bytes.toString("utf8", streamEnd, typeEnd),
    isJson: bytes[0] === FLAG_JSON,
    metadata: bytes.subarray(typeEnd, metadataEnd),
    data: bytes.subarray(metadataEnd),
  };
}

const DASH = 0x2d;
const HEX: readonly number[] = [..."0123456789abcdef"].map((digit) => digit.charCodeAt(0));
/** Where in the text of a UUID each of its bytes stands. */
const TEXT_PLACES: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const text = Buffer.alloc(36, DASH);

/** Put together in one buffer, as one string: slices of a string that are joined again take three times as long. */
function uuidText(bytes: Buffer): string {
  for (let i = 0; i < 16; i++) {
    const byte = bytes[ID + i] ?? 0;
    const place = TEXT_PLACES[i] ?? 0;
    text[place] = HEX[byte >> 4] ?? 0;
    text[place + 1] = HEX[byte & 15] ?? 0;
  }
  return text.toString("latin1");
}
