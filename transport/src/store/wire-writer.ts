/** Wire type of protobuf: a length, and so many bytes. */
const LENGTHS = 2;

/**
 * Writes a message of protobuf from its end to its beginning: what has its length before it is written by then. So the last field
 * comes first, and the fields of a message before the message.
 */
export class WireWriter {
  #bytes: Buffer;
  #at: number;

  /** @param room bytes that it is expected to take. Where it takes more, what there is is copied. */
  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafe(room);
    this.#at = room;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** What was written: a view, not a copy. */
  get written(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  /** Fields that are encoded already. */
  fields(encoded: Uint8Array): void {
    this.#go(encoded.length);
    this.#bytes.set(encoded, this.#at);
  }

  bytes(field: number, value: Uint8Array): void {
    this.fields(value);
    this.#head(field, value.length);
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.#go(length);
    // Names and ids, nearly always: quicker than a call out of JavaScript.
    if (length === value.length) for (let i = 0; i < length; i++) this.#bytes[this.#at + i] = value.charCodeAt(i);
    else this.#bytes.write(value, this.#at, length, "utf8");
    this.#head(field, length);
  }

  uint(field: number, value: bigint): void {
    const digits: number[] = [];
    for (let rest = value; rest >= 0x80n; rest >>= 7n) digits.push(Number(rest & 0x7fn) | 0x80);
    digits.push(Number(value >> BigInt(7 * digits.length)));
    this.fields(Uint8Array.from(digits));
    this.#number(field << 3);
  }

  /** A message of what was written since `length` was that. */
  message(field: number, since: number): void {
    this.#head(field, this.length - since);
  }

  #head(field: number, length: number): void {
    this.#number(length);
    this.#number((field << 3) | LENGTHS);
  }

  #number(value: number): void {
    let last = value;
    let digits = 1;
    for (; last >= 0x80; last = Math.floor(last / 0x80)) digits++;
    this.#go(digits);
    const begin = this.#at;
    for (let i = 0, rest = value; i < digits; i++, rest = Math.floor(rest / 0x80)) {
      this.#bytes[begin + i] = i < digits - 1 ? (rest % 0x80) | 0x80 : rest;
    }
  }

  /** Makes room for so many bytes before what is written. */
  #go(bytes: number): void {
    if (bytes > this.#at) {
      const { written } = this;
      const larger = Buffer.allocUnsafe(2 * (written.length + bytes));
      this.#at = larger.length - written.length;
      larger.set(written, this.#at);
      this.#bytes = larger;
    }
    this.#at -= bytes;
  }
}
