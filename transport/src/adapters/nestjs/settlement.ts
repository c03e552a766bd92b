/** What becomes of one message. The first word counts, and what is said after it is of no effect. */
export class Settlement {
  readonly #word = Promise.withResolvers<void>();
  #isSaid = false;

  constructor() {
    // Somebody waits for it only when the handler has ended.
    this.#word.promise.catch(() => {});
  }

  /** Whether anything has been said. */
  get isSaid(): boolean {
    return this.#isSaid;
  }

  /** @returns whether this was the first word. */
  ack(): boolean {
    return this.#say(() => this.#word.resolve());
  }

  /** @returns whether this was the first word. */
  fail(error: unknown): boolean {
    return this.#say(() => this.#word.reject(error));
  }

  /** Settles with the first word, or fails when the signal is aborted before it. */
  async wait(signal: AbortSignal): Promise<void> {
    const abort = (): void => void this.fail(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    try {
      await this.#word.promise;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  #say(say: () => void): boolean {
    if (this.#isSaid) return false;
    this.#isSaid = true;
    say();
    return true;
  }
}
