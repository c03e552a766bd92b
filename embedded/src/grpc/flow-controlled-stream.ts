import type { ServerDuplexStream, ServerWritableStream } from "@grpc/grpc-js";
import { type CallFailure, failureOf } from "./errors.ts";

/** Bytes from which on a message is not left to wait among others. */
const LARGE = 64 * 1024;

/**
 * The answering side of a call that answers with a stream: messages go out at the pace at which the client
 * takes them, and nothing goes out once the call is over.
 */
export class FlowControlledStream<T> {
  readonly #call: ServerWritableStream<unknown, T> | ServerDuplexStream<unknown, T>;
  #open = true;
  #full = false;
  /** Large messages on their way. */
  #large = 0;
  #drained: PromiseWithResolvers<void> | undefined;
  readonly #onClose = new Set<() => void>();

  constructor(call: ServerWritableStream<unknown, T> | ServerDuplexStream<unknown, T>) {
    this.#call = call;
    call.on("cancelled", () => this.#closed());
    call.on("close", () => this.#closed());
    call.on("drain", () => {
      this.#full = false;
      this.#goOn();
    });
  }

  /** Whether the client is still there and nobody has ended the call. */
  get open(): boolean {
    return this.#open;
  }

  /**
   * Sends a message. False means: enough for now, wait for {@link drained} before the next one. Some messages may wait
   * for a slow client, of large ones only one: `bytes` is how large it is, roughly, where it may be large.
   */
  write(message: T, bytes = 0): boolean {
    if (!this.#open) return true;
    if (bytes >= LARGE) {
      this.#large++;
      const taken = (): void => {
        this.#large--;
        this.#goOn();
      };
      if (!this.#call.write(message, taken)) this.#full = true;
      return false;
    }
    if (!this.#call.write(message)) this.#full = true;
    return !this.#isBusy;
  }

  /** Resolves when the client has taken what was sent, or the call is over. Any number of callers may wait. */
  async drained(): Promise<void> {
    if (!this.#isBusy || !this.#open) return;
    this.#drained ??= Promise.withResolvers();
    await this.#drained.promise;
  }

  /** Ends the call in order, after all that was sent. */
  end(): void {
    if (!this.#open) return;
    this.#closed();
    this.#call.end();
  }

  /** Ends the call with an error, after all that was sent. */
  fail(error: unknown): void {
    if (!this.#open) return;
    const failure: CallFailure = failureOf(error);
    this.#closed();
    this.#call.emit("error", failure);
  }

  /** Calls `listener` once when the call is over, whoever ended it; at once if it is. Returns how to stop that. */
  onClose(listener: () => void): () => void {
    if (!this.#open) listener();
    else this.#onClose.add(listener);
    return () => this.#onClose.delete(listener);
  }

  get #isBusy(): boolean {
    return this.#full || this.#large > 0;
  }

  /** Lets those go on who wait. */
  #goOn(): void {
    if (this.#isBusy && this.#open) return;
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  #closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#goOn();
    for (const listener of [...this.#onClose]) listener();
    this.#onClose.clear();
  }
}
