import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { checkFlow, messageFlow, startServer } from "@sluice/sample-display";
import { startEndpoint, startSender } from "@sluice/transport";
import { diary } from "../src/diary.ts";
import { PAYMENT_TIME } from "../src/fulfillment.ts";
import { PlaceOrder } from "../src/messages.ts";
import { SLOW_BANK } from "../src/payments.ts";
import { system } from "../src/system.ts";
import { turnedClock } from "./turned-clock.ts";

const README = join(import.meta.dirname, "..", "README.md");
const NOON = Date.UTC(2027, 0, 1, 12, 0, 30);

test("process manager – the README's pictures are what a run gives", async () => {
  const clock = turnedClock(NOON);
  await using stack = new AsyncDisposableStack();
  const { connectionString } = stack.use(await startServer({ memory: true, port: 0 }, () => {}));
  const endpoint = await startEndpoint(system, { connectionString, clock });
  stack.defer(() => endpoint.stop());
  const sender = await startSender("customer", { connectionString });
  stack.defer(() => sender.stop());
  const told = (orderId: string, ...all: readonly string[]) =>
    endpoint.view(diary).until(({ lines }) => {
      const said = lines.filter((line) => line.orderId === orderId).map(({ what }) => what);
      return all.every((what) => said.some((text) => text.startsWith(what)));
    });
  const order = { customer: "Ada", record: "Time Out", copies: 1, total: 19_90 };

  const good = randomUUID();
  await sender.send(PlaceOrder, { ...order, orderId: "good", card: "good" }, { correlationId: good });
  await told("good", "✓ completed");
  checkFlow(README, await messageFlow(connectionString, good), "well");

  const slow = randomUUID();
  await sender.send(PlaceOrder, { ...order, orderId: "slow", card: "slow" }, { correlationId: slow });
  await told("slow", "asked the bank");
  clock.turn(PAYMENT_TIME);
  await told("slow", "✗ canceled", "charge voided", "back on the shelf");
  clock.turn(SLOW_BANK - PAYMENT_TIME);
  await told("slow", "gave back");
  checkFlow(README, await messageFlow(connectionString, slow), "late");
});
