import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { startEndpoint, startSender } from "@sluice/transport";
import { PlaceOrder } from "./messages.ts";
import { sales } from "./sales.ts";

const stopped = Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
// By default the server that VS Code starts, see .vscode/settings.json.
const connectionString = process.env["SLUICE_CONNECTION"] ?? "esdb://127.0.0.1:2113?tls=false";
const say = (line: string): void => void process.stdout.write(`${line}\n`);

// Deploys what is not deployed yet, and handles messages until it is stopped.
const endpoint = await startEndpoint([sales], {
  connectionString,
  on: (event) => {
    if (event.kind === "handled") say(`${event.component} has handled ${event.type}`);
    if (event.kind === "parked") say(`${event.component} has parked ${event.type}: ${String(event.error)}`);
  },
});

// Somebody outside of the components, such as a web page.
const shop = await startSender("shop", { connectionString });
const orderId = randomUUID();
await shop.send(PlaceOrder, { orderId, total: 120 }, { correlationId: orderId });
say(`Sent order ${orderId}. Ctrl+C stops.`);

await stopped;
await shop.stop();
await endpoint.stop();
