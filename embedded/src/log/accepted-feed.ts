import type { LogRecord } from "./record.ts";

/**
 * Hands on what the log has accepted while it is still on its way to disk: all that came in one turn of the event loop, in the turn
 * behind. The log is durable by prefix, so whatever is made of a record and accepted behind it is on disk only if the record is.
 */
export class AcceptedFeed {
  readonly #listeners = new Set<(records: readonly LogRecord[]) => void>();
  readonly #ifTakenBack = new Set<() => void>();
  #waiting: LogRecord[] = [];

  /** Calls `listener` with what is accepted from now on, in order; a record comes once. */
  onAccepted(listener: (records: readonly LogRecord[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `listener` where the disk has refused: what was accepted and is not on disk will never be. */
  onTakenBack(listener: () => void): () => void {
    this.#ifTakenBack.add(listener);
    return () => this.#ifTakenBack.delete(listener);
  }

  add(records: readonly LogRecord[]): void {
    if (this.#listeners.size === 0 || records.length === 0) return;
    if (this.#waiting.length === 0) setImmediate(() => this.handOn());
    for (const record of records) this.#waiting.push(record);
  }

  takeBack(): void {
    this.#waiting = [];
    for (const listener of this.#ifTakenBack) listener();
  }

  /** Hands on what waits, at once: before anybody finds it on disk. */
  handOn(): void {
    const records = this.#waiting;
    this.#waiting = [];
    if (records.length > 0) for (const listener of this.#listeners) listener(records);
  }
}
