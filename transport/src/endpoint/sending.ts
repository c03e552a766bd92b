/**
 * The promise of a send, which knows whether anybody looks at it. A failure that the handler catches is the handler's matter; one
 * of a send that nobody awaits must fail the handler in its place, and must not end the process as an unhandled rejection.
 */
export class Sending<Value> extends Promise<Value> {
  #isAwaited = false;

  /** What is made of it by `then` is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  static from<Value>(sent: Promise<Value>): Sending<Value> {
    const sending = new Sending<Value>((resolve, reject) => void sent.then(resolve, reject));
    // Heard in any case, without counting as somebody who awaits it.
    void Promise.prototype.then.call(sending, undefined, () => {});
    return sending;
  }

  /** Somebody awaits it, or has attached a handler for its failure. */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a promise is one; `await` on a subclass of Promise calls this method
  override then<Result1 = Value, Result2 = never>(
    fulfilled?: ((value: Value) => Result1 | PromiseLike<Result1>) | null,
    rejected?: ((reason: unknown) => Result2 | PromiseLike<Result2>) | null,
  ): Promise<Result1 | Result2> {
    this.#isAwaited = true;
    return super.then(fulfilled, rejected);
  }
}
