/**
 * A process that the client ends: a call fails on the old channel while another one discovers, and `handleError` of the
 * client waits for that discovery, which nobody catches ("The client's own handleError awaits a discovery that nobody awaits").
 */
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { until } from "../until.ts";
import { bench } from "./bench.ts";
import { gossip, neverConfirmed, serverNotReady } from "./cluster-faults.ts";

await using system = await bench();
const { proxy } = system;
const seed = `127.0.0.1:${proxy.port}`;
const client = EventStoreDBClient.connectionString(
  `esdb://${seed},${seed}?tls=false&maxDiscoverAttempts=3&discoveryInterval=100`,
);
const login = { credentials: { username: "admin", password: "changeit" } };
const append = () => client.appendToStream("numbers", jsonEvent({ type: "counted", data: {} }), login);

proxy.script(neverConfirmed());
client.subscribeToPersistentSubscriptionToStream("numbers", "group").on("error", () => {});
await until(async () => (proxy.calls.at(-1)?.outcome === "silence" ? true : undefined));
using _nobodyLeads = proxy.script(gossip([]));
proxy.script(serverNotReady({ method: "Append", times: 1 }));
await append().catch(() => {});
const discovering = append();
discovering.catch(() => console.log("the caller was told"));
proxy.endOpenCalls("PersistentSubscriptions/Read", { code: 14, message: "Server Is Not Ready" });
await discovering.catch(() => {});
await client.dispose();
