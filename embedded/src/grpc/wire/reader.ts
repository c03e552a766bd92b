import { MalformedMessageError } from "./wire-error.ts";

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;
export type WireType = typeof VARINT | typeof FIXED64 | typeof BYTES | typeof FIXED32;

const TWO_32 = 2 ** 32;
/** Above this a 64-bit number does not fit a JS number exactly: its upper half is 2^21 or more. */
const SAFE_HIGH = 2 ** 21;

/**
 * A cursor over one message. Never reads past `end`, never allocates more than the bytes at hand call for:
 * byte fields are views into the buffer, not copies.
 */
export class Reader {
  readonly #buffer: Buffer;
  position: number;
  end: number;
  /** How many messages the one being read lies in; only recursive types can drive it up. */
  depth = 0;
  /** Halves of the varint read last, as unsigned 32-bit numbers. */
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = 0;
    this.end = this.#buffer.length;
  }

  fail(problem: string): never {
    throw new MalformedMessageError(problem, this.position);
  }

  /** A varint cut to its lower 32 bits: a negative int32 comes with all 64 (as protobuf has it). */
  varint32(): number {
    if (this.position < this.end) {
      const first = this.#buffer[this.position] ?? 0;
      if (first < 0x80) {
        this.position++;
        return first;
      }
    }
    this.#varint();
    return this.#low;
  }

  /** A tag or a length: refused where it has more than 32 bits. */
  size(): number {
    this.#high = 0;
    const value = this.varint32();
    return this.#high === 0 ? value : this.fail("a tag or length has more than 32 bits");
  }

  /** An unsigned 64-bit number: a bigint exactly where a JS number would lose digits. */
  uint64(): number | bigint {
    this.#varint();
    return this.#high < SAFE_HIGH ? this.#high * TWO_32 + this.#low : (BigInt(this.#high) << 32n) | BigInt(this.#low);
  }

  /** A signed 64-bit number in two's complement: a bigint exactly where a JS number would lose digits. */
  int64(): number | bigint {
    const unsigned = this.uint64();
    if (typeof unsigned === "number" || this.#high < 2 ** 31) return unsigned;
    const signed = BigInt.asIntN(64, unsigned);
    return signed >= Number.MIN_SAFE_INTEGER ? Number(signed) : signed;
  }

  #varint(): void {
    const buffer = this.#buffer;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) this.fail("a number is cut short");
      const byte = buffer[this.position++] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else if (shift < 63) high |= bits << (shift - 32);
      else if (byte > 1) this.fail("a number has more than 64 bits");
      else high |= bits << 31;
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    this.fail("a number has more than 64 bits");
  }

  fixed32Float(): number {
    const at = this.#advance(4);
    return this.#buffer.readFloatLE(at);
  }

  fixed64Double(): number {
    const at = this.#advance(8);
    return this.#buffer.readDoubleLE(at);
  }

  /** Reads a length and answers where what follows ends. */
  limit(): number {
    const length = this.size();
    if (length > this.end - this.position) this.fail("a field is longer than its message");
    return this.position + length;
  }

  bytes(): Buffer {
    const end = this.limit();
    const view = this.#buffer.subarray(this.position, end);
    this.position = end;
    return view;
  }

  string(): string {
    const end = this.limit();
    const text = this.#buffer.toString("utf8", this.position, end);
    this.position = end;
    return text;
  }

  skip(wireType: number): void {
    if (wireType === VARINT) this.#varint();
    else if (wireType === FIXED64) this.#advance(8);
    else if (wireType === BYTES) this.position = this.limit();
    else if (wireType === FIXED32) this.#advance(4);
    else this.fail(`wire type ${wireType} is not supported`);
  }

  #advance(count: number): number {
    const at = this.position;
    if (count > this.end - at) this.fail("a field is cut short");
    this.position = at + count;
    return at;
  }
}
