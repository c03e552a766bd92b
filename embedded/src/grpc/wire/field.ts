import type { AnyKind, Kind, KindIn, KindOut, Scalar } from "./kind.ts";
import { BYTES } from "./reader.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** One field number of a message: what to do with its value when it comes. `current` is what came before it. */
export interface Entry {
  readonly number: number;
  readonly wireType: number;
  readonly read: (reader: Reader, current: unknown) => unknown;
}

/** A named property of a message; a oneof is one property with several entries. */
export interface Field<Out, In> {
  readonly entries: readonly Entry[];
  readonly absent: Out;
  /** Writes the property, tag and all, from its end to its start. */
  readonly write: (writer: Writer, value: In) => void;
}

export type AnyField = Field<unknown, never>;
export type FieldOut<F> = F extends Field<infer Out, never> ? Out : never;
export type FieldIn<F> = F extends Field<unknown, infer In> ? In : never;

/** More elements than any client has reason to send at once; keeps a message of tiny elements from filling the heap. */
const MAX_ELEMENTS = 1 << 18;

const tagOf = (number: number, kind: AnyKind): number => (number << 3) | kind.wireType;

/** A field that may be there once. A message that is absent reads as undefined, a scalar as its default. */
export function field<Out, In>(number: number, kind: Scalar<Out, In>): Field<Out, In>;
export function field<Out, In>(number: number, kind: Kind<Out, In>): Field<Out | undefined, In>;
export function field<Out, In>(number: number, kind: Kind<Out, In>): Field<Out | undefined, In> {
  const tag = tagOf(number, kind);
  return {
    entries: [{ number, wireType: kind.wireType, read: (reader) => kind.read(reader) }],
    absent: kind.absent,
    write(writer, value) {
      if (kind.isAbsent(value)) return;
      kind.write(writer, value);
      writer.varint32(tag);
    },
  };
}

type CaseOf<Name, Out> = [Out] extends [Nothing]
  ? { readonly case: Name }
  : { readonly case: Name; readonly value: Out };
type Cases = Readonly<Record<string, readonly [number: number, kind: AnyKind]>>;
type OneofOut<C extends Cases> = { [Name in keyof C]: CaseOf<Name, KindOut<C[Name][1]>> }[keyof C] | undefined;
type OneofIn<C extends Cases> = { [Name in keyof C]: CaseOf<Name, KindIn<C[Name][1]>> }[keyof C];

/** What a message without fields reads as. In a oneof its case alone says everything, so `value` is left out. */
export interface Nothing {
  readonly nothing?: never;
}

export const NOTHING: Nothing = Object.freeze({});

/** At most one of several fields: `{ case: "revision", value: 7 }` or, for a message without fields, `{ case: "start" }`. */
export function oneof<const C extends Cases>(cases: C): Field<OneofOut<C>, OneofIn<C>> {
  const writers = new Map<string, { readonly kind: Kind<unknown, unknown>; readonly tag: number }>();
  const entries = Object.entries(cases).map(([name, [number, kind]]): Entry => {
    writers.set(name, { kind: kind as Kind<unknown, unknown>, tag: tagOf(number, kind) });
    const empty = Object.freeze({ case: name });
    return {
      number,
      wireType: kind.wireType,
      read(reader) {
        const value = kind.read(reader);
        return value === NOTHING ? empty : { case: name, value };
      },
    };
  });
  return {
    entries,
    absent: undefined,
    write(writer, chosen) {
      const one = writers.get(String(chosen.case));
      if (one === undefined) return;
      one.kind.write(writer, "value" in chosen ? chosen.value : NOTHING);
      writer.varint32(one.tag);
    },
  };
}

/** Any number of texts, bytes or messages. */
export function repeated<Out, In>(number: number, kind: Kind<Out, In>): Field<readonly Out[], readonly In[]> {
  if (kind.wireType !== BYTES) throw new TypeError("Only length-delimited kinds can be repeated here.");
  const none: readonly Out[] = Object.freeze([]);
  const tag = tagOf(number, kind);
  return {
    entries: [
      {
        number,
        wireType: BYTES,
        read(reader, current) {
          const list = current === none ? [] : (current as Out[]);
          if (list.length === MAX_ELEMENTS) reader.fail(`a list has more than ${MAX_ELEMENTS} elements`);
          list.push(kind.read(reader));
          return list;
        },
      },
    ],
    absent: none,
    write(writer, list) {
      for (let i = list.length - 1; i >= 0; i--) {
        kind.write(writer, list[i] as In);
        writer.varint32(tag);
      }
    },
  };
}

const KEY_TAG = (1 << 3) | BYTES;

/** A map with texts as keys. Written from any list of pairs; read as a Map, so that no key can mean more than itself. */
export function map<Out, In>(
  number: number,
  kind: Scalar<Out, In>,
): Field<ReadonlyMap<string, Out>, Iterable<readonly [string, In]>> {
  const none: ReadonlyMap<string, Out> = new Map();
  const tag = (number << 3) | BYTES;
  const valueTag = tagOf(2, kind);
  return {
    entries: [
      {
        number,
        wireType: BYTES,
        read(reader, current) {
          const into = current === none ? new Map<string, Out>() : (current as Map<string, Out>);
          if (into.size === MAX_ELEMENTS) reader.fail(`a map has more than ${MAX_ELEMENTS} entries`);
          const outer = reader.end;
          const end = (reader.end = reader.limit());
          let key = "";
          let value = kind.absent;
          while (reader.position < end) {
            const entryTag = reader.size();
            if (entryTag === KEY_TAG) key = reader.string();
            else if (entryTag === valueTag) value = kind.read(reader);
            else reader.skip(entryTag & 7);
          }
          reader.end = outer;
          into.set(key, value);
          return into;
        },
      },
    ],
    absent: none,
    write(writer, pairs) {
      const list = Array.isArray(pairs) ? (pairs as readonly (readonly [string, In])[]) : [...pairs];
      for (let i = list.length - 1; i >= 0; i--) {
        const [key, value] = list[i] as readonly [string, In];
        const before = writer.length;
        kind.write(writer, value);
        writer.varint32(valueTag);
        writer.string(key);
        writer.varint32(KEY_TAG);
        writer.varint32(writer.length - before);
        writer.varint32(tag);
      }
    },
  };
}
