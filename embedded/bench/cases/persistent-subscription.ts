import { randomUUID } from "node:crypto";
import { persistentSubscriptionToStreamSettingsFromDefaults, START } from "@eventstore/db-client";
import type { Case, Served } from "../bench.ts";
import { prepared } from "../events.ts";
import { figure, type Sample } from "../figure.ts";
import { consume, IN_FLIGHT, served } from "../load.ts";

/** A group on a stream of many events, with one consumer that acknowledges each event by itself. */
export const persistentSubscription: Case = {
  name: "persistent-subscription",
  async measure(bench) {
    const events = bench.options.isFull ? 1_000_000 : 100_000;
    const act = (client: Served["client"], seconds: number): Promise<Sample> =>
      consumed(client, seconds, prepared(events), events);
    const samples = await bench.measured([
      served("Sluice", await bench.server({ events }), act),
      served("bare gRPC", await bench.bare(), act),
    ]);
    const goal = { of: "ratio", limit: 0.6 } as const;
    return [
      figure({ name: "throughput", unit: "events/s", of: "perSecond", better: "more", goal }, samples),
      figure({ name: "processor time of the server", unit: "µs/event", of: "cpu", better: "less" }, samples),
      figure({ name: "most memory of the server", unit: "MB", of: "memory", better: "less" }, samples),
    ];
  },
};

async function consumed(client: Served["client"], seconds: number, stream: string, events: number): Promise<Sample> {
  const group = randomUUID();
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, readBatchSize: 100 });
  await client.createPersistentSubscriptionToStream(stream, group, settings);
  const subscription = client.subscribeToPersistentSubscriptionToStream(stream, group, { bufferSize: IN_FLIGHT });
  const sample = await consume(subscription, seconds, events, (event) => subscription.ack(event));
  await client.deletePersistentSubscriptionToStream(stream, group);
  return sample;
}
