import type { Case } from "../bench.ts";
import { eventData, RECORD_BYTES } from "../events.ts";
import { figure, type Goal } from "../figure.ts";
import { append, IN_FLIGHT, served } from "../load.ts";

const streams = 10;
let next = 0;
/** The stream of the next append, of ten in turn. */
export const stream = (): string => `appended-${next++ % streams}`;

interface Options {
  readonly batch: number;
  readonly goal?: Goal;
  readonly latencyGoal?: Goal;
  readonly hasSystemProjections?: boolean;
}

/** Appends of so many events, {@link IN_FLIGHT} at once. */
const appends = (name: string, { batch, goal, latencyGoal, hasSystemProjections }: Options): Case => ({
  name,
  async measure(bench) {
    const load = { batch, stream, event: eventData };
    const server = hasSystemProjections ? await bench.serverWithSystemProjections() : await bench.server();
    const records = Array.from({ length: batch }, () => RECORD_BYTES);
    const samples = await bench.measured([
      served("Sluice", server, (client, seconds) => append(client, seconds, load)),
      served("bare gRPC", await bench.bare(), (client, seconds) => append(client, seconds, load)),
      bench.disk({ writers: IN_FLIGHT, records, events: batch }),
    ]);
    const throughput = { name: "throughput", unit: "events/s", of: "perSecond", better: "more" } as const;
    const p99 = { name: "latency, 99 %", unit: "ms", of: "p99", better: "less" } as const;
    return [
      figure(goal === undefined ? throughput : { ...throughput, goal }, samples),
      figure({ name: "latency, median", unit: "ms", of: "p50", better: "less" }, samples),
      figure(latencyGoal === undefined ? p99 : { ...p99, goal: latencyGoal }, samples),
      figure({ name: "processor time of the server", unit: "µs/event", of: "cpu", better: "less" }, samples),
      figure({ name: "most memory of the server", unit: "MB", of: "memory", better: "less" }, samples),
    ];
  },
});

export const appendCases: readonly Case[] = [
  appends("append", { batch: 1, goal: { of: "ratio", limit: 0.7 }, latencyGoal: { of: "ratio", limit: 5 } }),
  appends("append-10", { batch: 10, goal: { of: "ratio", limit: 0.6 } }),
  appends("append-100", { batch: 100, goal: { of: "ratio", limit: 0.6 } }),
  appends("append-system-projections", { batch: 1, hasSystemProjections: true }),
];
