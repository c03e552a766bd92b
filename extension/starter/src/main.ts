import { randomUUID } from "node:crypto";
import { startEndpoint } from "@sluice/transport";
import { PlaceOrder } from "./messages.ts";
import { sales } from "./sales.ts";

const connectionString = process.env["SLUICE_CONNECTION"] ?? "esdb://127.0.0.1:2113?tls=false";

// Deploys what is not deployed yet, and handles messages until it is stopped.
const endpoint = await startEndpoint([sales], { connectionString });
const orderId = randomUUID();
await endpoint.send(PlaceOrder, { orderId, total: 120 });
process.stdout.write(`Sent order ${orderId}. Ctrl+C stops.\n`);

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void endpoint.stop());
