const CHUNK = 64 * 1024;
/** Up to this many UTF-16 units a loop over ASCII beats the call into native code. */
const SHORT_TEXT = 48;
const TWO_32 = 2 ** 32;

/**
 * Writes a message from its end to its start. That way the length of a nested message is known when its
 * turn comes to be written, and nothing is measured first or moved afterwards.
 *
 * Finished messages are views into chunks that are never written twice.
 */
export class Writer {
  #chunk: Buffer = Buffer.allocUnsafeSlow(CHUNK);
  /** Start of what has been written of the current message. */
  #position = CHUNK;
  /** End of the current message. */
  #end = CHUNK;

  /** Bytes written of the current message so far. */
  get length(): number {
    return this.#end - this.#position;
  }

  /** Ends the current message and begins the next one in front of it. */
  finish(): Buffer {
    const message = this.#chunk.subarray(this.#position, this.#end);
    this.#end = this.#position;
    return message;
  }

  /** Forgets a message that could not be written to its start. */
  abandon(): void {
    this.#position = this.#end;
  }

  #reserve(count: number): number {
    if (this.#position < count) this.#grow(count);
    this.#position -= count;
    return this.#position;
  }

  #grow(count: number): void {
    const written = this.length;
    const size = Math.max(CHUNK, 2 * (written + count));
    const chunk = Buffer.allocUnsafeSlow(size);
    this.#chunk.copy(chunk, size - written, this.#position, this.#end);
    this.#chunk = chunk;
    this.#end = size;
    this.#position = size - written;
  }

  /** An unsigned number below 2^32. */
  varint32(value: number): void {
    if (value < 0x80) {
      // Room first: making it can replace the chunk.
      const at = this.#reserve(1);
      this.#chunk[at] = value;
      return;
    }
    const size = value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
    let at = this.#reserve(size);
    const chunk = this.#chunk;
    let rest = value;
    for (let i = 1; i < size; i++) {
      chunk[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    chunk[at] = rest;
  }

  /** A 64-bit number, signed or not: negative ones go out in two's complement. */
  varint64(value: number | bigint): void {
    if (typeof value === "number" && value >= 0) {
      if (value < TWO_32) this.varint32(value);
      else this.#safeVarint(value);
    } else this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
  }

  #safeVarint(value: number): void {
    let size = 5;
    for (let bound = 2 ** 35; value >= bound; bound *= 128) size++;
    let at = this.#reserve(size);
    const chunk = this.#chunk;
    let rest = value;
    for (let i = 1; i < size; i++) {
      chunk[at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    chunk[at] = rest;
  }

  #bigVarint(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    const at = this.#reserve(bytes.length);
    this.#chunk.set(bytes, at);
  }

  float(value: number): void {
    const at = this.#reserve(4);
    this.#chunk.writeFloatLE(value, at);
  }

  double(value: number): void {
    const at = this.#reserve(8);
    this.#chunk.writeDoubleLE(value, at);
  }

  /** Bytes with their length in front. */
  bytes(value: Uint8Array): void {
    const at = this.#reserve(value.length);
    this.#chunk.set(value, at);
    this.varint32(value.length);
  }

  /** UTF-8 with its length in front. */
  string(value: string): void {
    const length = value.length;
    if (length <= SHORT_TEXT && this.#ascii(value)) {
      this.varint32(length);
      return;
    }
    const size = Buffer.byteLength(value);
    const at = this.#reserve(size);
    this.#chunk.write(value, at, size, "utf8");
    this.varint32(size);
  }

  #ascii(value: string): boolean {
    const at = this.#reserve(value.length);
    const chunk = this.#chunk;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit >= 0x80) {
        this.#position = at + value.length;
        return false;
      }
      chunk[at + i] = unit;
    }
    return true;
  }
}
