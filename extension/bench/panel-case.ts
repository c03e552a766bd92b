import type { EventStore } from "../src/event-store/event-store.ts";

/** What a case is given. */
export interface Bench {
  readonly store: EventStore;
  /** A stream, and how many events it holds. */
  readonly stream: string;
  readonly events: number;
  /** How long is followed. */
  readonly seconds: number;
}

/** One thing that is measured; answers its figures, each with its unit. */
export interface BenchCase {
  readonly name: string;
  run(bench: Bench): Promise<Readonly<Record<string, string>>>;
}
