import { FORWARDS, persistentSubscriptionToStreamSettingsFromDefaults } from "@eventstore/db-client";
import type { Bench, Case, Served } from "../bench.ts";
import { eventData, prepared } from "../events.ts";
import { type Figure, figure, type Sample } from "../figure.ts";
import { append, IN_FLIGHT, inFlight, served } from "../load.ts";

const BYSTANDERS = 100;
/** Noise apart, an event has to cost the same. */
const GOAL = { of: "ratio", limit: 1.25 } as const;

/** A server, and what appends and reads on it do. */
interface Site {
  readonly server: Served;
  /** The stream of the n-th append. */
  readonly stream: (n: number) => string;
  /** Reads one event, the n-th time. */
  readonly read: (client: Served["client"], n: number) => AsyncIterable<unknown>;
}

/** The same work before and after something has grown that it has nothing to do with. */
const flat = (name: string, before: (bench: Bench) => Promise<Site>, after: (bench: Bench) => Promise<Site>): Case => ({
  name,
  async measure(bench) {
    const sites = { after: await after(bench), before: await before(bench) };
    return [...(await compared(bench, "append", sites, appends)), ...(await compared(bench, "read", sites, reads))];
  },
});

type Work = (site: Site, seconds: number) => Promise<Sample>;

async function compared(
  bench: Bench,
  name: string,
  sites: Readonly<Record<"before" | "after", Site>>,
  work: Work,
): Promise<readonly Figure[]> {
  const contender = (when: "before" | "after") =>
    served(when, sites[when].server, (_, seconds) => work(sites[when], seconds));
  const samples = await bench.measured([contender("after"), contender("before")]);
  return [
    figure(
      { name: `${name}: processor time of the server`, unit: "µs", of: "cpu", better: "less", goal: GOAL },
      samples,
    ),
    figure({ name: `${name}: throughput`, unit: "/s", of: "perSecond", better: "more" }, samples),
  ];
}

let count = 0;
const appends: Work = ({ server, stream }, seconds) =>
  append(server.client, seconds, { stream: () => stream(count++), event: eventData });

const reads: Work = async ({ server, read }, seconds) => {
  const { times, elapsed } = await inFlight(seconds, IN_FLIGHT, async () => {
    for await (const _ of read(server.client, count++));
  });
  return { events: times.length, perSecond: times.length / elapsed };
};

const existing =
  (streams: number) =>
  async (bench: Bench): Promise<Site> => {
    const stream = (n: number): string => `existing-${n % streams}`;
    return {
      server: await bench.server({ streams }),
      stream,
      read: (client, n) => client.readStream(stream(n), { maxCount: 1, direction: FORWARDS }),
    };
  };

/** Appends to a few streams, and reads of single events all over a stream that has so many. */
const grown = async (bench: Bench, events: number): Promise<Site> => {
  const server = await bench.server({ events });
  return {
    server,
    stream: (n) => `appended-${n % 10}`,
    read: (client, n) =>
      client.readStream(prepared(events), { fromRevision: BigInt((n * 7919) % events), maxCount: 1 }),
  };
};

const FEW_EVENTS = 1000;

/** Many who wait for events of other streams. */
const among =
  (join: (client: Served["client"], stream: string) => Promise<unknown>) =>
  async (bench: Bench): Promise<Site> => {
    const site = await grown(bench, FEW_EVENTS);
    for (let i = 0; i < BYSTANDERS; i++) await join(site.server.client, `quiet-${i}`);
    return site;
  };

const projection = (client: Served["client"], stream: string): Promise<void> =>
  client.createProjection(stream, `fromStream("${stream}").when({ $any(s, e) { linkTo("out-${stream}", e); } })`, {
    emitEnabled: true,
  });

async function group(client: Served["client"], stream: string): Promise<void> {
  await client.createPersistentSubscriptionToStream(
    stream,
    "bench",
    persistentSubscriptionToStreamSettingsFromDefaults(),
  );
  await opened(client.subscribeToPersistentSubscriptionToStream(stream, "bench"));
}

/** Until it is confirmed. It ends with the client, which is no error here. */
async function opened(
  subscription: ReturnType<Served["client"]["subscribeToStream" | "subscribeToPersistentSubscriptionToStream"]>,
): Promise<void> {
  subscription.on("error", () => {});
  subscription.on("data", () => {});
  await new Promise<void>((resolve) => subscription.once("confirmation", resolve));
}

const few = (bench: Bench): Promise<Site> => grown(bench, FEW_EVENTS);

export const flatnessCases: readonly Case[] = [
  flat("flat-streams", existing(10), (bench) => existing(bench.options.isFull ? 1_000_000 : 100_000)(bench)),
  flat("flat-events", few, (bench) => grown(bench, bench.options.isFull ? 10_000_000 : 100_000)),
  flat("flat-projections", few, among(projection)),
  flat("flat-groups", few, among(group)),
  flat(
    "flat-subscriptions",
    few,
    among((client, stream) => opened(client.subscribeToStream(stream))),
  ),
];
