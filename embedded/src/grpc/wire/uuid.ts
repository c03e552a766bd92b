import { field, oneof } from "./field.ts";
import { message, messageOf, type Message } from "./message.ts";
import { int64, string, type Integer64 } from "./scalars.ts";

/** A UUID as text goes out as text; one in `structured` as two 64-bit halves, which is what a reader may ask for. */
export type UuidIn = string | { readonly structured: string };

const Structured = message({ mostSignificantBits: field(1, int64), leastSignificantBits: field(2, int64) });
const Uuid = message({ value: oneof({ structured: [1, Structured], string: [2, string] }) });

const hex = (half: Integer64): string => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, "0");

/** The text of a UUID from its big-endian halves. */
function textOf(high: string, low: string): string {
  return `${high.slice(0, 8)}-${high.slice(8, 12)}-${high.slice(12)}-${low.slice(0, 4)}-${low.slice(4)}`;
}

function halvesOf(text: string): { mostSignificantBits: bigint; leastSignificantBits: bigint } {
  const digits = text.replaceAll("-", "");
  return {
    mostSignificantBits: BigInt.asIntN(64, BigInt(`0x${digits.slice(0, 16)}`)),
    leastSignificantBits: BigInt.asIntN(64, BigInt(`0x${digits.slice(16)}`)),
  };
}

const STRING_TAG = (2 << 3) | 2;

/**
 * `UUID`, read as text in either form; "" where it holds neither. The text is as it came:
 * whether it is a UUID at all is for the service to judge.
 */
export const uuid: Message<string, UuidIn> = messageOf<string, UuidIn>(
  (reader) => {
    const start = reader.position;
    if (reader.position < reader.end && reader.size() === STRING_TAG) {
      const text = reader.string();
      if (reader.position === reader.end) return text;
    }
    reader.position = start;
    const { value } = Uuid.readBody(reader);
    if (value === undefined) return "";
    if (value.case === "string") return value.value;
    return textOf(hex(value.value.mostSignificantBits), hex(value.value.leastSignificantBits));
  },
  (writer, value) => {
    if (typeof value === "string") {
      writer.string(value);
      writer.varint32(STRING_TAG);
    } else Uuid.writeBody(writer, { value: { case: "structured", value: halvesOf(value.structured) } });
  },
);
