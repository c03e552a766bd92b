import {
  type BACKWARDS,
  type EventData,
  type EventStoreDBClient,
  FORWARDS,
  type ResolvedEvent,
} from "@eventstore/db-client";
import type { Served } from "./bench.ts";
import { type Contender, quantile, type Sample } from "./figure.ts";

export const IN_FLIGHT = 32;

/** Runs `act` again and again for that long, a fixed number of them at once; answers how long each took, in milliseconds. */
export async function inFlight(
  seconds: number,
  count: number,
  act: () => Promise<unknown>,
): Promise<{ readonly times: Float64Array; readonly elapsed: number }> {
  const times: number[] = [];
  const begun = performance.now();
  const end = begun + seconds * 1000;
  await Promise.all(
    Array.from({ length: count }, async () => {
      for (let from = begun; from < end;) {
        await act();
        const to = performance.now();
        times.push(to - from);
        from = to;
      }
    }),
  );
  return { times: Float64Array.from(times).sort(), elapsed: (performance.now() - begun) / 1000 };
}

export interface Appending {
  /** Events in one append. */
  readonly batch?: number;
  /** The stream of the next append. */
  readonly stream: () => string;
  readonly event: () => EventData;
}

/** Appends for that long, {@link IN_FLIGHT} at once. */
export async function append(
  client: EventStoreDBClient,
  seconds: number,
  { batch = 1, stream, event }: Appending,
): Promise<Sample> {
  const { times, elapsed } = await inFlight(seconds, IN_FLIGHT, () =>
    client.appendToStream(stream(), Array.from({ length: batch }, event)),
  );
  return {
    perSecond: (times.length * batch) / elapsed,
    events: times.length * batch,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}

/** Reads a stream from one end to the other, again and again for that long. */
export async function read(
  client: EventStoreDBClient,
  seconds: number,
  stream: string,
  direction: typeof FORWARDS | typeof BACKWARDS,
  maxCount?: number,
): Promise<Sample> {
  const begun = performance.now();
  let events = 0;
  do {
    const options = { direction, fromRevision: direction === FORWARDS ? "start" : "end" } as const;
    for await (const _ of client.readStream(stream, maxCount === undefined ? options : { ...options, maxCount })) {
      events++;
    }
  } while (performance.now() - begun < seconds * 1000);
  return { events, perSecond: (events * 1000) / (performance.now() - begun) };
}

/** The side of a subscription that the loads here use. */
interface Stream {
  on(event: "data", listener: (event: ResolvedEvent) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  unsubscribe(): Promise<void>;
}

/**
 * Takes events from a subscription for that long, counted from the first one, or until `all` have come.
 * `settle` is called with each.
 */
export async function consume(
  subscription: Stream,
  seconds: number,
  all: number,
  settle: (event: ResolvedEvent) => Promise<unknown> | void,
): Promise<Sample> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let begun = 0;
  let events = -1;
  subscription.on("error", reject);
  subscription.on("data", (event) => {
    if (++events === 0) begun = performance.now();
    settle(event)?.catch(reject);
    if (events === all - 1 || (events % 64 === 0 && performance.now() - begun >= seconds * 1000)) resolve();
  });
  await promise;
  const elapsed = (performance.now() - begun) / 1000;
  const taken = events;
  await subscription.unsubscribe();
  return { events: taken, perSecond: taken / elapsed };
}

/** A load on a server as a contender, with what the server used of processor (µs for each event) and memory (MB). */
export function served(
  name: string,
  { process, client }: Served,
  act: (client: EventStoreDBClient, seconds: number) => Promise<Sample>,
): Contender {
  return {
    name,
    run: async (seconds) => {
      const before = await process.usage();
      const sample = await act(client, seconds);
      const after = await process.usage();
      const cpu = ((after.cpu - before.cpu) * 1e6) / (sample["events"] ?? Number.NaN);
      return { ...sample, cpu, memory: after.mostMemory / 2 ** 20 };
    },
  };
}
