import type { CallFailure } from "./errors.ts";

/** A call that lasts until someone ends it. */
interface OpenCall {
  fail(error: CallFailure): void;
  onClose(listener: () => void): () => void;
}

/** The calls that would keep the server from stopping: each is told when it stops. */
export class OpenCalls {
  readonly #calls = new Set<OpenCall>();
  #stopped: CallFailure | undefined;

  add(call: OpenCall): void {
    if (this.#stopped !== undefined) {
      call.fail(this.#stopped);
      return;
    }
    this.#calls.add(call);
    call.onClose(() => this.#calls.delete(call));
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Ends all calls with `failure`, those still to come included. */
  stop(failure: CallFailure): void {
    this.#stopped = failure;
    for (const call of [...this.#calls]) call.fail(failure);
  }
}
