import { TOMBSTONE_REVISION } from "../../log/record.ts";
import type { Scalar } from "./kind.ts";
import { BYTES, FIXED32, FIXED64, VARINT, type WireType } from "./reader.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

function scalar<Out, In = Out>(
  wireType: WireType,
  absent: Out & In,
  read: (reader: Reader) => Out,
  write: (writer: Writer, value: In) => void,
): Scalar<Out, In> {
  // 0n is as absent as 0.
  const isAbsent = (value: In): boolean => value === absent || (typeof value === "bigint" && value === 0n);
  return { wireType, absent, read, write, isAbsent };
}

export const bool = scalar<boolean>(
  VARINT,
  false,
  (reader) => reader.uint64() !== 0,
  (writer, value) => writer.varint32(value ? 1 : 0),
);

export const uint32 = scalar<number>(
  VARINT,
  0,
  (reader) => reader.varint32(),
  (writer, value) => writer.varint32(value),
);

export const int32 = scalar<number>(
  VARINT,
  0,
  (reader) => reader.varint32() | 0,
  (writer, value) => writer.varint64(value),
);

/**
 * A 64-bit number read as a JS number, or as a bigint exactly where the number would lose digits.
 * So `typeof value === "bigint"` means "2^53 or more", and comparisons with bigint literals work on both.
 */
export type Integer64 = number | bigint;

export const uint64 = scalar<Integer64>(
  VARINT,
  0,
  (reader) => reader.uint64(),
  (writer, value) => writer.varint64(value),
);

export const int64 = scalar<Integer64>(
  VARINT,
  0,
  (reader) => reader.int64(),
  (writer, value) => writer.varint64(value),
);

/** A signed 64-bit number as the second protocol writes them: small ones take few bytes, the negative ones, too. */
export const sint64 = scalar<Integer64>(
  VARINT,
  0,
  (reader) => {
    const zigzag = reader.uint64();
    if (typeof zigzag === "number") return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    const exact = (zigzag >> 1n) ^ -(zigzag & 1n);
    return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
  },
  (writer, value) => {
    const exact = BigInt(value);
    writer.varint64(exact < 0n ? -2n * exact - 1n : 2n * exact);
  },
);

const TOMBSTONE_ON_THE_WIRE = 2n ** 63n - 1n;

/** A {@link uint64} that counts events of a stream: {@link TOMBSTONE_REVISION} travels as 2^63 - 1 (spec 1.8). */
export const revision = scalar<Integer64>(
  VARINT,
  0,
  (reader) => {
    const value = reader.uint64();
    return value === TOMBSTONE_ON_THE_WIRE ? TOMBSTONE_REVISION : value;
  },
  (writer, value) => writer.varint64(value === TOMBSTONE_REVISION ? TOMBSTONE_ON_THE_WIRE : value),
);

export const float = scalar<number>(
  FIXED32,
  0,
  (reader) => reader.fixed32Float(),
  (writer, value) => writer.float(value),
);

export const double = scalar<number>(
  FIXED64,
  0,
  (reader) => reader.fixed64Double(),
  (writer, value) => writer.double(value),
);

export const string = scalar<string>(
  BYTES,
  "",
  (reader) => reader.string(),
  (writer, value) => writer.string(value),
);

const NO_BYTES = Buffer.alloc(0);

/** Read as a view into the received message: copy what has to outlive it. */
export const bytes: Scalar<Buffer, Uint8Array> = {
  wireType: BYTES,
  absent: NO_BYTES,
  read: (reader) => reader.bytes(),
  write: (writer, value) => writer.bytes(value),
  isAbsent: (value) => value.length === 0,
};

/** An enum as the names of its values, listed from 0. An unknown number is refused. */
export function enumeration<const Name extends string>(...names: readonly [Name, ...Name[]]): Scalar<Name> {
  const numbers = new Map(names.map((name, number) => [name, number]));
  return scalar<Name>(
    VARINT,
    names[0],
    (reader) => {
      const number = reader.varint32();
      return names[number] ?? reader.fail(`${number} is none of ${names.join(", ")}`);
    },
    (writer, value) => writer.varint32(numbers.get(value) ?? 0),
  );
}
