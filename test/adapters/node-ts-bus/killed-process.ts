/**
 * A bus whose process ends without a word while it handles an order, when it has sent what the order leads to.
 *
 *   node killed-process.ts CONNECTION_STRING QUEUE
 */
import { Bus, type BusInstance, handlerFor } from "@node-ts/bus-core";
import { eventStoreTransport } from "@sluice/transport";
import { nodeTsBusTransport } from "@sluice/transport/node-ts-bus";
import { of, OrderPlaced, PlaceOrder, SILENT } from "./bench.ts";

const [, , connectionString = "", queueName = ""] = process.argv;
const bus: BusInstance = Bus.configure()
  .withTransport(nodeTsBusTransport({ queueName, transport: eventStoreTransport({ connectionString }) }))
  .withLogger(() => SILENT)
  .withHandler(handlerFor(PlaceOrder, ({ orderId }) => bus.publish(of(OrderPlaced, { orderId }))))
  // The handlers run beside each other; what the first has sent is with the transport after a turn.
  .withHandler(
    handlerFor(PlaceOrder, () => new Promise(() => setImmediate(() => process.kill(process.pid, "SIGKILL")))),
  )
  .build();
await bus.initialize();
await bus.start();
