import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds between two queries. */
const PAUSE = 2;

/** What somebody saw who asked all the time. */
export interface Seen {
  readonly queries: number;
  /** Queries that were not answered, or that told of less than the one before. */
  readonly wrong: number;
  readonly slowest: number;
  /** Who answered, in turn. */
  readonly models: readonly string[];
}

/** Asks over HTTP, one query after the other, until told to end. */
export function askAlways(url: string): { end(): Promise<Seen> } {
  const over = new AbortController();
  const seen = (async (): Promise<Seen> => {
    const models: string[] = [];
    let [queries, wrong, slowest, events] = [0, 0, 0, 0];
    while (!over.signal.aborted) {
      const begin = performance.now();
      const said = await fetch(url).then(
        (response) => (response.ok ? (response.json() as Promise<{ live: string; events: number }>) : undefined),
        () => undefined,
      );
      queries += 1;
      slowest = Math.max(slowest, performance.now() - begin);
      if (said === undefined || said.events < events) wrong += 1;
      events = said?.events ?? events;
      await sleep(PAUSE);
      if (said !== undefined && models.at(-1) !== said.live) models.push(said.live);
    }
    return { queries, wrong, slowest: Math.round(slowest), models };
  })();
  return {
    end() {
      over.abort();
      return seen;
    },
  };
}
