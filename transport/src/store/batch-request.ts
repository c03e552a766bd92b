import type { ExpectedRevision, NewEvent } from "./event.ts";

/**
 * The messages that make one append on a call of many (`BatchAppendReq`), in protobuf. Written by hand: the generated classes take
 * five times as long for it, know no duration as the deadline, and with a moment in its place an append would depend on the clocks.
 */
export interface BatchedAppend {
  /** UUID, by which the answer tells what it answers. */
  readonly correlationId: string;
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

/** Bytes of events after which the next message begins: servers take 4 MiB in one. */
const MESSAGE_SIZE = 1_048_576;
/** Seconds in which the server is to store it; it takes its own limit where that is shorter. */
const DEADLINE = 10;
const LENGTHS = 2;

/** The first has the options, the last says that it is the last. */
export function batchedAppend({ correlationId, stream, expected, events }: BatchedAppend): readonly Buffer[] {
  const id = field(1, uuid(correlationId));
  const messages: Buffer[] = [];
  let parts: Buffer[] = [id, field(2, optionsOf(stream, expected))];
  let size = 0;
  for (const event of events) {
    const proposed = field(3, proposedMessage(event));
    if (size > 0 && size + proposed.length > MESSAGE_SIZE) {
      messages.push(Buffer.concat(parts));
      parts = [id];
      size = 0;
    }
    parts.push(proposed);
    size += proposed.length;
  }
  messages.push(Buffer.concat([...parts, IS_FINAL]));
  return messages;
}

function optionsOf(stream: string, expected: ExpectedRevision): Buffer {
  const name = field(1, field(3, Buffer.from(stream, "utf8")));
  const where =
    typeof expected === "bigint" ? Buffer.concat([Buffer.of(2 << 3), varint(expected)]) : EXPECTATIONS[expected];
  return Buffer.concat([name, where, TIME_LIMIT]);
}

function proposedMessage({ id, type, isJson, data, metadata }: NewEvent): Buffer {
  return Buffer.concat([
    field(1, uuid(id)),
    field(2, Buffer.concat([TYPE_KEY, field(2, Buffer.from(type, "utf8"))])),
    isJson ? JSON_CONTENT : BINARY_CONTENT,
    ...(metadata.length === 0 ? [] : [field(3, metadata)]),
    ...(data.length === 0 ? [] : [field(4, data)]),
  ]);
}

const uuid = (id: string): Buffer => field(2, Buffer.from(id, "latin1"));

/** A field of bytes, a text or a message: its number, its length, and itself. */
function field(number: number, bytes: Uint8Array): Buffer {
  const tag = (number << 3) | LENGTHS;
  const { length } = bytes;
  const head = length < 0x80 ? Buffer.of(tag, length) : Buffer.concat([Buffer.of(tag), varint(BigInt(length))]);
  return Buffer.concat([head, bytes], head.length + length);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const EMPTY = new Uint8Array();
const EXPECTATIONS = { "no stream": field(3, EMPTY), any: field(4, EMPTY), "stream exists": field(5, EMPTY) };
const TIME_LIMIT = field(7, Buffer.of(1 << 3, DEADLINE));
const TYPE_KEY = field(1, Buffer.from("type"));
const contentType = (type: string): Buffer =>
  field(2, Buffer.concat([field(1, Buffer.from("content-type")), field(2, Buffer.from(type))]));
const JSON_CONTENT = contentType("application/json");
const BINARY_CONTENT = contentType("application/octet-stream");
const IS_FINAL = Buffer.of(4 << 3, 1);
