import { randomUUID } from "node:crypto";
import { END, type EventStoreDBClient } from "@eventstore/db-client";
import type { Case, Served } from "../bench.ts";
import { eventData, LINK_BYTES, RECORD_BYTES } from "../events.ts";
import { figure, type Sample } from "../figure.ts";
import { FILTER, ROUTER } from "../handlers.ts";
import { IN_FLIGHT, inFlight, served } from "../load.ts";

const SOURCE = "intermediate.sales";

/** A router alone: from the append until a subscriber of the stream that it links to has the event. */
const router: Case = {
  name: "router",
  async measure(bench) {
    const server = await bench.server();
    await server.client.createProjection(`router-${randomUUID()}`, ROUTER, { emitEnabled: true });
    const act = appendAndSee("out-sales");
    return figures(
      0.6,
      await bench.measured([
        served("Sluice", server, act),
        served("bare gRPC", await bench.bare(), act),
        bench.disk({ writers: IN_FLIGHT, records: [RECORD_BYTES, LINK_BYTES], events: 1 }),
        bench.quickJs("router"),
      ]),
    );
  },
};

/** The whole way of a published event: router, `$by_category`, filter. */
const routerAndFilter: Case = {
  name: "router-and-filter",
  async measure(bench) {
    const server = await bench.server();
    await server.client.enableProjection("$by_category");
    await server.client.createProjection(`router-${randomUUID()}`, ROUTER, { emitEnabled: true });
    await server.client.createProjection(`filter-${randomUUID()}`, FILTER, { emitEnabled: true });
    const act = appendAndSee("in.billing-subscriptions");
    return figures(
      0.5,
      await bench.measured([
        served("Sluice", server, act),
        served("bare gRPC", await bench.bare(), act),
        // The event, the router's link, the category's link to that, the filter's link, the category's link to that.
        bench.disk({
          writers: IN_FLIGHT,
          records: [RECORD_BYTES, LINK_BYTES, LINK_BYTES, LINK_BYTES, LINK_BYTES],
          events: 1,
        }),
        bench.quickJs("router and filter"),
      ]),
    );
  },
};

const figures = (least: number, samples: Parameters<typeof figure>[1]): ReturnType<typeof figure>[] => [
  figure(
    {
      name: "throughput",
      unit: "events/s",
      of: "perSecond",
      better: "more",
      goal: { of: "ratio", limit: least },
    },
    samples,
  ),
  figure({ name: "processor time of the server", unit: "µs/event", of: "cpu", better: "less" }, samples),
  figure({ name: "most memory of the server", unit: "MB", of: "memory", better: "less" }, samples),
];

/** Appends for that long, one event at a time, and waits until each is seen at the end of the chain. */
const appendAndSee =
  (last: string) =>
  async (client: EventStoreDBClient, seconds: number): Promise<Sample> => {
    const seen = await counted(client, last);
    const begun = performance.now();
    const { times } = await inFlight(seconds, IN_FLIGHT, () => client.appendToStream(SOURCE, eventData()));
    await seen.until(times.length);
    const elapsed = (performance.now() - begun) / 1000;
    await seen.stop();
    return { events: times.length, perSecond: times.length / elapsed };
  };

async function counted(
  client: Served["client"],
  stream: string,
): Promise<{ until(count: number): Promise<void>; stop(): Promise<void> }> {
  let count = 0;
  let wanted = Number.POSITIVE_INFINITY;
  const { promise: all, resolve, reject } = Promise.withResolvers<void>();
  const subscription = client.subscribeToStream(stream, { fromRevision: END, resolveLinkTos: true });
  const confirmed = new Promise<void>((done) => subscription.once("confirmation", done));
  subscription.on("error", reject);
  subscription.on("data", () => {
    if (++count >= wanted) resolve();
  });
  await confirmed;
  return {
    until(events) {
      wanted = events;
      if (count >= wanted) resolve();
      return all;
    },
    stop: () => subscription.unsubscribe(),
  };
}

export const projectionCases: readonly Case[] = [router, routerAndFilter];
