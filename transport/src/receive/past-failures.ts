/** What this process remembers of the failures of one message, from one delivery to the next. */
export interface PastFailures {
  /** Attempts that have failed since it was received, or came back from a delayed retry. */
  immediate: number;
  delayed: number;
  /** Times a person had it handled again after it was parked. */
  replays: number;
  firstFailedAt: Date | undefined;
  readonly items: Map<string, unknown>;
}

/** Messages that are remembered: those that fail are few, and one that is forgotten is tried oftener than it should. */
const CAPACITY = 1_000;

/** The failures of the messages that are not settled yet. */
export class FailureMemory {
  readonly #messages = new Map<string, PastFailures>();

  of(id: string): PastFailures {
    return (
      this.#messages.get(id) ?? { immediate: 0, delayed: 0, replays: 0, firstFailedAt: undefined, items: new Map() }
    );
  }

  keep(id: string, failures: PastFailures): void {
    this.#messages.delete(id);
    this.#messages.set(id, failures);
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > CAPACITY && oldest !== undefined) this.#messages.delete(oldest);
  }

  forget(id: string): void {
    this.#messages.delete(id);
  }
}
