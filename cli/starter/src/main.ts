import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { problemOf, startEndpoint, startSender } from "@sluice/transport";
import { components } from "./components.ts";
import { PlaceOrder } from "./messages.ts";
import { openServer } from "./server.ts";

const stopped = Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));

const server = await openServer();
const { connectionString } = server;
// Deploys what the components need where it is not there yet, and begins to receive.
const endpoint = await startEndpoint(components, {
  connectionString,
  on: (event) => {
    if (event.kind === "handled") console.log(`${event.component} has handled ${event.type}`);
    // What goes wrong, such as an attempt that failed, in one line; and the stack of what was tried in vain.
    const problem = problemOf(event);
    if (problem !== undefined) console.error(problem);
    if (event.kind === "parked") console.error(event.error);
  },
});
console.log(`Running on ${connectionString}. Ctrl-C stops.`);

// Somebody outside of the components; in an application this is an HTTP route, say.
const shop = await startSender("shop", { connectionString });
const orderId = randomUUID();
await shop.send(PlaceOrder, { orderId, total: 120_00 }, { correlationId: orderId });
console.log(`Sent the order ${orderId}.`);

await stopped;
await shop.stop();
await endpoint.stop();
await server.stop();
