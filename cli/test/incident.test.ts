import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { startEndpoint } from "@sluice/transport";
import { openDeployments } from "@sluice/transport/deploy";
import { replay } from "./recorded-session.ts";
import { cardNetwork, charged, components, PlaceOrder } from "./system/components.ts";
import { until } from "../../test/until.ts";

test("incident – the recorded session finds a faulted router, repairs it, and has what was parked handled, edited and as it was", async (t) => {
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  const { connectionString } = server;
  const endpoint = await startEndpoint(components, { connectionString, on: () => {} });
  t.after(() => endpoint.stop());
  const deployments = openDeployments({ connectionString });
  t.after(() => deployments.close());
  const parked = async (): Promise<number> => (await deployments.parked("billing").list()).messages.length;

  cardNetwork.isDown = true;
  await endpoint.send(PlaceOrder, { orderId: "16", total: 80 });
  await until(async () => (await parked()) === 1 || undefined);
  cardNetwork.isDown = false;
  await endpoint.send(PlaceOrder, { orderId: "17", total: -120 });
  await until(async () => (await parked()) === 2 || undefined);

  const stranger = EventStoreDBClient.connectionString(connectionString);
  t.after(() => stranger.dispose());
  await stranger.appendToStream("out-sales", jsonEvent({ type: "note", data: { by: "a stranger" } }));
  await endpoint.send(PlaceOrder, { orderId: "18", total: 30 });
  await until(async () => {
    const { components: seen } = await deployments.observe();
    return seen.flatMap(({ problems }) => problems).some(({ why }) => why === "faulted") || undefined;
  });

  await replay(t, join(import.meta.dirname, "../docs/incident.md"), connectionString);

  await until(async () => charged.length === 3 || undefined);
  assert.deepEqual(charged.toSorted(), ["16", "17", "18"]);
});
