import type { ExpectedRevision, NewEvent } from "./event.ts";
import { writeUuid } from "./wire-uuid.ts";
import { WireWriter } from "./wire-writer.ts";

/**
 * The messages that make one append on a call of many (`BatchAppendReq`), in protobuf. Written by hand: the generated classes take
 * seven times as long for it, know no duration as the deadline, and with a moment in its place an append would depend on the clocks.
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
/** Bytes that a message, and each event in it, takes at most beside its texts and bodies. */
const AROUND = 160;
/** Bytes of UTF-8 that a character of a text takes at most. */
const UTF8 = 3;

/** The first has the options, the last says that it is the last. */
export function batchedAppend({ correlationId, stream, expected, events }: BatchedAppend): readonly Buffer[] {
  const parts = partsOf(events);
  return parts.map((part, i) => {
    const room = AROUND + UTF8 * stream.length + part.reduce((sum, event) => sum + roomFor(event), 0);
    const writer = new WireWriter(room);
    if (i === parts.length - 1) writer.fields(IS_FINAL);
    for (const event of part.toReversed()) writeProposed(writer, event);
    if (i === 0) writeOptions(writer, stream, expected);
    writeUuid(writer, 1, correlationId);
    return writer.written;
  });
}

/** In parts that a server takes in one message; one part where there are none. */
function partsOf(events: readonly NewEvent[]): readonly (readonly NewEvent[])[] {
  const parts: NewEvent[][] = [[]];
  let size = 0;
  for (const event of events) {
    const more = roomFor(event);
    if (size > 0 && size + more > MESSAGE_SIZE) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(event);
    size += more;
  }
  return parts;
}

const roomFor = ({ type, data, metadata }: NewEvent): number =>
  AROUND + UTF8 * type.length + data.length + metadata.length;

function writeOptions(writer: WireWriter, stream: string, expected: ExpectedRevision): void {
  const since = writer.length;
  writer.fields(TIME_LIMIT);
  if (typeof expected === "bigint") writer.uint(2, expected);
  else writer.fields(EXPECTATIONS[expected]);
  const name = writer.length;
  writer.text(3, stream);
  writer.message(1, name);
  writer.message(2, since);
}

function writeProposed(writer: WireWriter, { id, type, isJson, data, metadata }: NewEvent): void {
  const since = writer.length;
  if (data.length > 0) writer.bytes(4, data);
  if (metadata.length > 0) writer.bytes(3, metadata);
  writer.fields(isJson ? JSON_CONTENT : BINARY_CONTENT);
  writeEntry(writer, "type", type);
  writeUuid(writer, 1, id);
  writer.message(3, since);
}

/** What the server is to know of an event. */
function writeEntry(writer: WireWriter, key: string, value: string): void {
  const since = writer.length;
  writer.text(2, value);
  writer.text(1, key);
  writer.message(2, since);
}

function encoded(write: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter(AROUND);
  write(writer);
  return writer.written;
}

const EMPTY = new Uint8Array();
const EXPECTATIONS = {
  "no stream": encoded((writer) => writer.bytes(3, EMPTY)),
  any: encoded((writer) => writer.bytes(4, EMPTY)),
  "stream exists": encoded((writer) => writer.bytes(5, EMPTY)),
};
const TIME_LIMIT = encoded((writer) => {
  writer.uint(1, BigInt(DEADLINE));
  writer.message(7, 0);
});
const JSON_CONTENT = encoded((writer) => writeEntry(writer, "content-type", "application/json"));
const BINARY_CONTENT = encoded((writer) => writeEntry(writer, "content-type", "application/octet-stream"));
const IS_FINAL = encoded((writer) => writer.uint(4, 1n));
