import { Bus, type BusConfiguration } from "@node-ts/bus-core";
import { eventStoreTransport } from "@sluice/transport";
import { nodeTsBusTransport } from "@sluice/transport/node-ts-bus";

const connectionString = process.env["EVENTSTORE"] ?? "esdb://127.0.0.1:2113?tls=false";
const transport = nodeTsBusTransport({ queueName: "shop", transport: eventStoreTransport({ connectionString }) });

export const configuration = (): BusConfiguration => Bus.configure().withTransport(transport).withConcurrency(4);
