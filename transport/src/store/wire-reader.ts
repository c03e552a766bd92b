/** Wire types of protobuf. */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTHS = 2;
const FIXED_32 = 5;

/** Above it sums of 7 bits are not exact any more. */
const EXACT_BITS = 49;

/** Reads a message of protobuf field by field: `next`, then what that field holds, or `skip`. @throws RangeError where it is cut short. */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #wireType = VARINT;

  constructor(bytes: Buffer, begin = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = begin;
    this.#end = end;
  }

  /** The number of the next field; 0 behind the last one. */
  next(): number {
    if (this.#at === this.#end) return 0;
    const tag = this.#number();
    this.#wireType = tag & 7;
    return tag >>> 3;
  }

  uint(): bigint {
    const begin = this.#at;
    while (this.#byte() >= 0x80);
    if ((this.#at - begin) * 7 <= EXACT_BITS) {
      this.#at = begin;
      return BigInt(this.#number());
    }
    let value = 0n;
    for (let at = this.#at - 1; at >= begin; at--) value = (value << 7n) | BigInt(this.#bytes.readUInt8(at) & 0x7f);
    return value;
  }

  text(): string {
    const begin = this.#pass();
    return this.#bytes.toString("utf8", begin, this.#at);
  }

  /** A view, not a copy. */
  bytes(): Uint8Array {
    const begin = this.#pass();
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + begin, this.#at - begin);
  }

  message(): WireReader {
    const begin = this.#pass();
    return new WireReader(this.#bytes, begin, this.#at);
  }

  skip(): void {
    if (this.#wireType === VARINT) while (this.#byte() >= 0x80);
    else if (this.#wireType === LENGTHS) this.#pass();
    else if (this.#wireType === FIXED_64) this.#go(8);
    else if (this.#wireType === FIXED_32) this.#go(4);
    else throw new RangeError(`There is no wire type ${this.#wireType} in protobuf.`);
  }

  /** Goes behind what has a length before it. @returns where that begins. */
  #pass(): number {
    const length = this.#number();
    const begin = this.#at;
    this.#go(length);
    return begin;
  }

  #number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new RangeError("A message of the server is cut short.");
    return this.#bytes[this.#at++] ?? 0;
  }

  #go(bytes: number): void {
    if (bytes > this.#end - this.#at) throw new RangeError("A message of the server is cut short.");
    this.#at += bytes;
  }
}
