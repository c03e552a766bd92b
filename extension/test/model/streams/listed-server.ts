import type { TestContext } from "node:test";
import { EventStoreDBClient } from "@eventstore/db-client";
import type { Embedded } from "@sluice/embedded";
import { StreamNotFoundError } from "../../../src/event-store/errors.ts";
import type { EventStore, Page, ReadOptions, Source, StreamEntry } from "../../../src/event-store/event-store.ts";
import { noted } from "../event-store/opened-store.ts";
import { MemoryStore, recorded } from "../stream-panel/memory-store.ts";

/** Stops the system projections, and takes away what they have listed: a server as it is set up by default. */
export async function withoutLists(t: TestContext, server: Embedded): Promise<void> {
  const client = EventStoreDBClient.connectionString(server.connectionString);
  t.after(() => client.dispose());
  for (const name of ["$streams", "$stream_by_category", "$by_category", "$by_event_type", "$by_correlation_id"]) {
    await client.disableProjection(name);
  }
  // There is none yet where they were stopped before they have written anything.
  await client.deleteStream("$streams").catch((error: { readonly type?: string }) => {
    if (error.type !== "wrong-expected-version") throw error;
  });
}

/** Lists streams as the projections do, those of the category `order` by category, too, a thousand at a time; that there are no such streams no list knows. */
export async function listStreams(store: EventStore, names: readonly string[]): Promise<void> {
  const lists = new Map<string, string[]>([["$streams", [...names]]]);
  for (const name of names) {
    const category = `$category-${name.slice(0, name.indexOf("-"))}`;
    if (!name.startsWith("order-")) continue;
    const list = lists.get(category);
    if (list === undefined) lists.set(category, [name]);
    else list.push(name);
  }
  for (const [list, listed] of lists) {
    for (let first = 0; first < listed.length; first += 1000) {
      const events = listed
        .slice(first, first + 1000)
        .map((name) =>
          list === "$streams"
            ? noted(`0@${name}`, { type: "$>", isJson: false })
            : noted(name, { type: "$@", isJson: false }),
        );
      await store.append(list, "any", events);
    }
  }
}

/** A server that lists so many streams in `$streams` and keeps no other list, in memory: a real one takes minutes to be given them. */
export function listingStore(count: number, nameOf: (index: number) => string): EventStore {
  const entry = (revision: number): StreamEntry => ({
    recorded: { ...recorded("$streams", revision, { type: "$>", data: `0@${nameOf(revision)}` }) },
  });
  const memory = new MemoryStore();
  return {
    features: async () => ({ version: "23.10.6", methods: new Map() }),
    append: () => Promise.reject(new Error("nothing is written")),
    subscribe: (...of) => memory.subscribe(...of),
    close() {},
    async read(source: Source, { from, direction, limit }: ReadOptions): Promise<Page> {
      if (!("stream" in source)) return { entries: [], isEnd: true };
      if (source.stream !== "$streams") throw new StreamNotFoundError(source.stream);
      const step = direction === "forwards" ? 1 : -1;
      const first = from === "start" ? 0 : from === "end" ? count - 1 : Number(from);
      const end = Math.min(Math.max(first + step * limit, -1), count);
      const entries = Array.from({ length: Math.abs(end - first) }, (_, index) => entry(first + step * index));
      return { entries, isEnd: end === -1 || end === count };
    },
  };
}
