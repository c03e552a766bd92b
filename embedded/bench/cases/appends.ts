import type { Case } from "../bench.ts";
import { eventData, RECORD_BYTES } from "../events.ts";
import { figure, type Goal } from "../figure.ts";
import { append, IN_FLIGHT, served } from "../load.ts";

const streams = 10;
let next = 0;
const stream = (): string => `appended-${next++ % streams}`;

/** Appends of so many events, {@link IN_FLIGHT} at once. */
const appends = (name: string, batch: number, goals: { readonly perSecond: Goal; readonly p99?: Goal }): Case => ({
  name,
  async measure(bench) {
    const load = { batch, stream, event: eventData };
    const samples = await bench.measured([
      served("Sluice", await bench.server(), (client, seconds) => append(client, seconds, load)),
      served("bare gRPC", await bench.bare(), (client, seconds) => append(client, seconds, load)),
      bench.lmdb({ writers: IN_FLIGHT, records: Array.from({ length: batch }, () => RECORD_BYTES), events: batch }),
    ]);
    const { perSecond, p99 } = goals;
    return [
      figure({ name: "throughput", unit: "events/s", of: "perSecond", better: "more", goal: perSecond }, samples),
      figure({ name: "latency, median", unit: "ms", of: "p50", better: "less" }, samples),
      figure(
        { name: "latency, 99 %", unit: "ms", of: "p99", better: "less", ...(p99 === undefined ? {} : { goal: p99 }) },
        samples,
      ),
      figure({ name: "processor time of the server", unit: "µs/event", of: "cpu", better: "less" }, samples),
      figure({ name: "most memory of the server", unit: "MB", of: "memory", better: "less" }, samples),
    ];
  },
});

export const appendCases: readonly Case[] = [
  appends("append", 1, { perSecond: { of: "ratio", limit: 0.7 }, p99: { of: "ratio", limit: 5 } }),
  appends("append-10", 10, { perSecond: { of: "ratio", limit: 0.6 } }),
  appends("append-100", 100, { perSecond: { of: "ratio", limit: 0.6 } }),
];
