/** A byte that says whether a message is compressed, and four that say how long it is. */
const HEAD_BYTES = 5;

/** Follows the messages in the body of a call, to know how much of the last one has come. */
export class MessageMeter {
  readonly #head = Buffer.alloc(HEAD_BYTES);
  #headBytes = 0;
  /** Bytes of the message's body that are still to come; meaningful once its head is complete. */
  #missing = 0;
  #taken = 0;

  /** Takes what came; answers the bytes of a message that is not whole yet. */
  take(chunk: Buffer): number {
    let at = 0;
    while (at < chunk.length) {
      if (this.#headBytes < HEAD_BYTES) {
        const more = Math.min(HEAD_BYTES - this.#headBytes, chunk.length - at);
        chunk.copy(this.#head, this.#headBytes, at, at + more);
        this.#headBytes += more;
        at += more;
        if (this.#headBytes < HEAD_BYTES) break;
        this.#missing = this.#head.readUInt32BE(1);
      }
      const more = Math.min(this.#missing, chunk.length - at);
      this.#missing -= more;
      this.#taken += more;
      at += more;
      if (this.#missing === 0) {
        this.#headBytes = 0;
        this.#taken = 0;
      }
    }
    return this.#taken;
  }
}
