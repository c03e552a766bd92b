import type { ServerDuplexStream, ServerWritableStream } from "@grpc/grpc-js";
import { type CallFailure, failureOf } from "./errors.ts";

/**
 * The answering side of a call that answers with a stream: messages go out at the pace at which the client
 * takes them, and nothing goes out once the call is over.
 */
export class Outlet<T> {
  readonly #call: ServerWritableStream<unknown, T> | ServerDuplexStream<unknown, T>;
  #open = true;
  #full = false;
  #drained: Promise<void> | undefined;
  readonly #onClose = new Set<() => void>();

  constructor(call: ServerWritableStream<unknown, T> | ServerDuplexStream<unknown, T>) {
    this.#call = call;
    call.on("cancelled", () => this.#closed());
    call.on("close", () => this.#closed());
    call.on("drain", () => {
      this.#full = false;
    });
  }

  /** Whether the client is still there and nobody has ended the call. */
  get open(): boolean {
    return this.#open;
  }

  /** Sends a message. False means: enough for now, wait for {@link drained} before the next one. */
  write(message: T): boolean {
    if (!this.#open) return true;
    if (!this.#call.write(message)) this.#full = true;
    return !this.#full;
  }

  /** Resolves when the client has taken what was sent, or the call is over. Any number of callers may wait. */
  async drained(): Promise<void> {
    if (!this.#full || !this.#open) return;
    this.#drained ??= new Promise<void>((resolve) => {
      const done = (): void => {
        this.#call.off("drain", done);
        this.#onClose.delete(done);
        this.#drained = undefined;
        resolve();
      };
      this.#call.once("drain", done);
      this.#onClose.add(done);
    });
    await this.#drained;
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

  #closed(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const listener of [...this.#onClose]) listener();
    this.#onClose.clear();
  }
}
