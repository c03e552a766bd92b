import { type AnyField, type Entry, type Field, type FieldIn, type FieldOut, NOTHING, type Nothing } from "./field.ts";
import type { Kind } from "./kind.ts";
import { BYTES, Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** A message type: both a whole message on the wire and, inside another one, the kind of a field. */
export interface Message<Out, In = Out> extends Kind<Out, In> {
  readonly absent: undefined;
  /** Reads up to the reader's end, without a length in front; for types that wrap this one. */
  readonly readBody: (reader: Reader) => Out;
  readonly writeBody: (writer: Writer, value: In) => void;
  readonly encode: (value: In) => Buffer;
  /** Throws a `MalformedMessageError`. Byte fields are views into `bytes`. */
  readonly decode: (bytes: Uint8Array) => Out;
}

/** What decoding a message gives. */
export type Decoded<M> = M extends Message<infer Out, never> ? Out : never;
/** What encoding a message takes. */
export type Encodable<M> = M extends Message<unknown, infer In> ? In : never;

/** Nesting that only a recursive type can reach, and only in a message made to exhaust the stack. */
const MAX_DEPTH = 128;

/** All messages are written by one writer, one after the other: encoding never waits for anything. */
const writer = new Writer();

/** A message type from how its inside is read and written. */
export function messageOf<Out, In = Out>(
  readBody: (reader: Reader) => Out,
  writeBody: (writer: Writer, value: In) => void,
): Message<Out, In> {
  return {
    wireType: BYTES,
    absent: undefined,
    readBody,
    writeBody,
    isAbsent: () => false,
    read(reader) {
      const outer = reader.end;
      reader.end = reader.limit();
      if (++reader.depth > MAX_DEPTH) reader.fail(`messages lie in each other more than ${MAX_DEPTH} deep`);
      const value = readBody(reader);
      reader.depth--;
      reader.end = outer;
      return value;
    },
    write(into, value) {
      const before = into.length;
      writeBody(into, value);
      into.varint32(into.length - before);
    },
    encode(value) {
      try {
        writeBody(writer, value);
        return writer.finish();
      } catch (cause) {
        writer.abandon();
        throw cause;
      }
    },
    decode: (bytes) => readBody(new Reader(bytes)),
  };
}

type Fields = Readonly<Record<string, AnyField>>;
type MessageOut<F extends Fields> = { readonly [Name in keyof F]: FieldOut<F[Name]> };
type MessageIn<F extends Fields> = { readonly [Name in keyof F]?: FieldIn<F[Name]> | undefined };

interface Slot extends Entry {
  readonly name: string;
}

/** A message type from its fields. */
export function message<const F extends Fields>(fields: F): Message<MessageOut<F>, MessageIn<F>> {
  const template: Record<string, unknown> = {};
  const slots: (Slot | undefined)[] = [undefined];
  const writers: { readonly name: string; readonly last: number; readonly write: Field<unknown, unknown>["write"] }[] =
    [];
  for (const [name, one] of Object.entries(fields)) {
    template[name] = one.absent;
    for (const entry of one.entries) {
      while (slots.length <= entry.number) slots.push(undefined);
      slots[entry.number] = { ...entry, name };
    }
    const last = Math.max(...one.entries.map((entry) => entry.number));
    writers.push({ name, last, write: one.write as Field<unknown, unknown>["write"] });
  }
  writers.sort((a, b) => b.last - a.last);

  function readBody(reader: Reader): Record<string, unknown> {
    const value = { ...template };
    while (reader.position < reader.end) {
      const tag = reader.size();
      const number = tag >>> 3;
      const slot = number < slots.length ? slots[number] : undefined;
      if (slot === undefined) {
        if (number === 0) reader.fail("a field has the number 0");
        reader.skip(tag & 7);
      } else if (slot.wireType === (tag & 7)) {
        value[slot.name] = slot.read(reader, value[slot.name]);
      } else reader.fail(`field ${number} (${slot.name}) has wire type ${tag & 7} instead of ${slot.wireType}`);
    }
    return value;
  }

  function writeBody(into: Writer, value: Readonly<Record<string, unknown>>): void {
    for (const one of writers) {
      const property = value[one.name];
      if (property !== undefined) one.write(into, property);
    }
  }

  // The fields are only known by name here; that each reads and writes what its type says is field.ts's part.
  return messageOf(readBody, writeBody) as unknown as Message<MessageOut<F>, MessageIn<F>>;
}

/** A message without fields, `google.protobuf.Empty` as much as the server's own. */
export const empty: Message<Nothing> = messageOf<Nothing>(
  (reader) => {
    while (reader.position < reader.end) reader.skip(reader.size() & 7);
    return NOTHING;
  },
  () => {},
);
