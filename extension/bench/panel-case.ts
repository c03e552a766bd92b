import type { EventStore } from "../src/event-store/event-store.ts";

/** What a case is given. */
export interface Bench {
  readonly connectionString: string;
  readonly store: EventStore;
  /** How many events the stream `million` holds. */
  readonly events: number;
  /** How long is followed. */
  readonly seconds: number;
}

/** One thing that is measured; answers its figures, each with its unit. */
export interface BenchCase {
  readonly name: string;
  run(bench: Bench): Promise<Readonly<Record<string, string>>>;
}
