import { BACKWARDS, FORWARDS, START } from "@eventstore/db-client";
import type { Bench, Case } from "../bench.ts";
import { prepared } from "../events.ts";
import { type Figure, figure, type Sample } from "../figure.ts";
import { consume, read, served } from "../load.ts";
import type { Served } from "../bench.ts";

type Load = (client: Served["client"], seconds: number, stream: string, events: number) => Promise<Sample>;

/** One stream of 100 thousand events (1 million in the full form), taken as `load` does. */
const reading = (name: string, load: Load): Case => ({
  name,
  async measure(bench: Bench): Promise<readonly Figure[]> {
    const events = bench.options.isFull ? 1_000_000 : 100_000;
    const act = (client: Served["client"], seconds: number): Promise<Sample> =>
      load(client, seconds, prepared(events), events);
    const samples = await bench.measured([
      served("Sluice", await bench.server({ events }), act),
      served("bare gRPC", await bench.bare(), act),
    ]);
    const goal = { of: "ratio", limit: 0.7 } as const;
    return [
      figure({ name: "throughput", unit: "events/s", of: "perSecond", better: "more", goal }, samples),
      figure({ name: "processor time of the server", unit: "µs/event", of: "cpu", better: "less" }, samples),
      figure({ name: "most memory of the server", unit: "MB", of: "memory", better: "less" }, samples),
    ];
  },
});

export const readCases: readonly Case[] = [
  reading("read-forwards", (client, seconds, stream) => read(client, seconds, stream, FORWARDS)),
  reading("read-backwards", (client, seconds, stream) => read(client, seconds, stream, BACKWARDS)),
  reading("catch-up", (client, seconds, stream, events) =>
    consume(client.subscribeToStream(stream, { fromRevision: START }), seconds, events, () => {}),
  ),
];
