import { randomUUID } from "node:crypto";
import { type EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import type { Case } from "../bench.ts";
import { eventData } from "../events.ts";
import { figure, quantile, type Sample } from "../figure.ts";
import { inFlight, served } from "../load.ts";

/** Appends of one writer while events wait whose handler takes long. */
const slowScript = (name: string, events: number, milliseconds: number, longest: number): Case => ({
  name,
  async measure(bench) {
    const server = await bench.server();
    const act = (client: EventStoreDBClient) => appendBeside(client, events, milliseconds);
    const samples = await bench.measured([served("Sluice", server, act)]);
    const goal = { of: "value", limit: longest } as const;
    return [
      figure({ name: "latency of appends, median", unit: "ms", of: "p50", better: "less" }, samples),
      figure({ name: "latency of appends, longest", unit: "ms", of: "longest", better: "less", goal }, samples),
      figure({ name: "events handled", unit: "events/s", of: "perSecond", better: "more" }, samples),
    ];
  },
});

async function appendBeside(client: EventStoreDBClient, events: number, milliseconds: number): Promise<Sample> {
  const slow = `slow-${randomUUID()}`;
  const handler = `const end = Date.now() + ${milliseconds}; while (Date.now() < end);`;
  await client.createProjection(slow, `fromStream("${slow}").when({ $any() { ${handler} } })`);
  const waiting = Array.from({ length: events }, () => jsonEvent({ type: "slow", data: {} }));
  const begun = performance.now();
  const [, { times }] = await Promise.all([
    client.appendToStream(slow, waiting),
    inFlight((events * milliseconds) / 1000, 1, () => client.appendToStream("appended", eventData())),
  ]);
  while ((await client.getProjectionStatus(slow)).position !== `${slow}: ${events - 1}`);
  const elapsed = (performance.now() - begun) / 1000;
  return { events, perSecond: events / elapsed, p50: quantile(times, 0.5), longest: quantile(times, 1) };
}

export const slowScriptCases: readonly Case[] = [
  slowScript("slow-script-100-ms", 60, 100, 300),
  slowScript("slow-script-5-ms", 1000, 5, 50),
];
