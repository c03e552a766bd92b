interface Waiter {
  check(): void;
  fail(error: unknown): void;
}

/** Those who wait until something holds. */
export class Conditions {
  readonly #waiters = new Set<Waiter>();

  /** Waits until `holds`, which is asked now and with each {@link check}. Rejects with what it throws, or the signal's reason. */
  async until(holds: () => boolean, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (holds()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = {
      check: () => {
        try {
          if (holds()) resolve();
        } catch (error) {
          reject(error);
        }
      },
      fail: reject,
    };
    const abort = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    this.#waiters.add(waiter);
    await promise.finally(() => {
      this.#waiters.delete(waiter);
      signal?.removeEventListener("abort", abort);
    });
  }

  check(): void {
    for (const waiter of [...this.#waiters]) waiter.check();
  }

  fail(error: Error): void {
    for (const waiter of [...this.#waiters]) waiter.fail(error);
  }
}
