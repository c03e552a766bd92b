/** Starts a server and two instances, places orders, and checks what came of them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { startEmbedded } from "@sluice/embedded";
import { deploy, startSender } from "@sluice/transport";
import { billing, sales, shipping } from "./components.ts";
import { OrderAccepted, PlaceOrder } from "./messages.ts";

const ORDERS = 30;

const server = await startEmbedded({ memory: true, port: 0 });
const { connectionString } = server;
await deploy([sales, billing, shipping], { connectionString });

const file = import.meta.url.replace(/main(\.\w+)$/, "instance$1");
const instances = Array.from({ length: 2 }, () => {
  const child = spawn(process.execPath, [fileURLToPath(file), connectionString, String(ORDERS)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => String((await lines.next()).value);
  return { child, line };
});
for (const { line } of instances) assert.equal(await line(), "ready");

const shop = await startSender("shop", { connectionString });
for (let n = 1; n < ORDERS; n++) await shop.send(PlaceOrder, { orderId: `order${n}`, total: n });
const { orderId } = await shop.ask(PlaceOrder, { orderId: `order${ORDERS}`, total: ORDERS }, OrderAccepted);
assert.equal(orderId, `order${ORDERS}`);

const onceEach = Array.from({ length: ORDERS }, (_, n) => [`order${n + 1}`, 1]).sort();
for (const { line } of instances) assert.deepEqual(JSON.parse(await line()), onceEach);
for (const { child } of instances) {
  child.stdin.end();
  assert.deepEqual(await once(child, "exit"), [0, null]);
}
await shop.stop();
await server.stop();
console.log(`${ORDERS} orders shipped once each by two instances`);
