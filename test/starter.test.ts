import { join } from "node:path";
import { test } from "node:test";
import { checkFlow, messageFlow, startSystem } from "@sluice/sample-display";
import { components } from "../cli/starter/src/components.ts";
import { OrderPlaced, PlaceOrder } from "../cli/starter/src/messages.ts";
import { until } from "./until.ts";

const README = join(import.meta.dirname, "../cli/starter/README.md");

test("starter – the picture in its README is that of a run", async () => {
  await using system = await startSystem({ memory: true, port: 0 }, components, { say: () => {} });
  const { connectionString, sender, reading } = system;
  await sender.send(PlaceOrder, { orderId: "17", total: 120_00 }, { correlationId: "picture" });
  const isPublished = async () => (await reading.stream("$ce-out")).some(({ type }) => type === OrderPlaced.type);
  await until(async () => (await isPublished()) || undefined);
  checkFlow(README, await messageFlow(connectionString, "picture"));
});
