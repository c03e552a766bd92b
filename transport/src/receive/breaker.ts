import { backoff } from "../store/backoff.ts";
import type { Environment } from "../store/environment.ts";

/**
 * Keeps a component from trying what cannot succeed while a server is away. The first failure opens it: nothing is begun then, and
 * after a pause that grows with each failure one message tries. When one has succeeded, all go on.
 */
export class Breaker {
  readonly #environment: Pick<Environment, "random">;
  readonly #again: () => void;
  readonly #waiting = new Set<() => void>();
  #failures = 0;
  #isTrying = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param again called when further messages may be begun. */
  constructor(environment: Pick<Environment, "random">, again: () => void) {
    this.#environment = environment;
    this.#again = again;
  }

  /** Whether a message may be begun. While it is open, that is one that tries, and only where none waits that has failed. */
  get allows(): boolean {
    return this.#failures === 0 || (this.#timer === undefined && !this.#isTrying);
  }

  /** A message is begun. */
  begun(): void {
    if (this.#failures > 0) this.#isTrying = true;
  }

  /** The server was away. @returns milliseconds until the next message tries; undefined where that has been told before. */
  failed(): number | undefined {
    this.#isTrying = false;
    if (this.#timer !== undefined) return undefined;
    this.#failures += 1;
    const retryIn = backoff(this.#failures, this.#environment.random());
    this.#timer = setTimeout(() => this.#next(), retryIn);
    return retryIn;
  }

  /** A message has come to its end, in whatever way but this: a server answers. @returns whether it was open. */
  succeeded(): boolean {
    if (this.#failures === 0) return false;
    this.stop();
    this.#failures = 0;
    this.#isTrying = false;
    for (const go of this.#waiting) go();
    this.#again();
    return true;
  }

  /** The one that tried has been given up without an answer: the next one tries. */
  gaveUp(): void {
    if (this.#failures === 0 || this.#timer !== undefined) return;
    this.#isTrying = false;
    this.#next();
  }

  /** Settles when the caller may try again, or need not wait any more since the signal is aborted. */
  async turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    // A server may have answered since, or it is time to try and nobody does.
    if (this.allows) return this.begun();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    this.#waiting.delete(resolve);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #next(): void {
    this.#timer = undefined;
    const [next] = this.#waiting;
    if (next === undefined) return this.#again();
    this.#isTrying = true;
    this.#waiting.delete(next);
    next();
  }
}
