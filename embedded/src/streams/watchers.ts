import type { LogRecord } from "../log/record.ts";

/** Who wants to be woken by which commits. A commit costs nothing for those who watch other streams. */
export class Watchers {
  readonly #ofStreams = new Map<string, Set<() => void>>();
  readonly #ofAll = new Set<() => void>();

  watchStream(stream: string, wake: () => void): () => void {
    const watchers = this.#ofStreams.get(stream) ?? new Set();
    this.#ofStreams.set(stream, watchers);
    const own = () => wake();
    watchers.add(own);
    return () => {
      watchers.delete(own);
      if (watchers.size === 0 && this.#ofStreams.get(stream) === watchers) this.#ofStreams.delete(stream);
    };
  }

  watchAll(wake: () => void): () => void {
    const own = () => wake();
    this.#ofAll.add(own);
    return () => this.#ofAll.delete(own);
  }

  /** Wakes each watcher once, however many of the records concern it. A `wake` only schedules work, it watches nothing itself. */
  wake(records: readonly LogRecord[]): void {
    const woken = new Set<string>();
    for (const { stream } of records) {
      if (woken.has(stream)) continue;
      woken.add(stream);
      const watchers = this.#ofStreams.get(stream);
      if (watchers !== undefined) for (const wake of watchers) wake();
    }
    for (const wake of this.#ofAll) wake();
  }
}
