import type { BusConfiguration, BusInstance } from "@node-ts/bus-core";
import { chargeCard, placeOrder, shipOrder, tellCustomer, type World } from "./handlers.ts";
import { OrderWorkflow } from "./order-workflow.ts";

/** The shop: its handlers and its workflow on a bus, however that is configured. */
export async function startShop(configuration: BusConfiguration, world: World): Promise<BusInstance> {
  const bus: BusInstance = configuration
    .withContainer({ get: (type) => Reflect.construct(type, [() => bus]) })
    .withHandler(placeOrder(() => bus))
    .withHandler(chargeCard(() => bus, world))
    .withHandler(shipOrder(() => bus, world))
    .withHandler(tellCustomer(world))
    .withWorkflow(OrderWorkflow)
    .build();
  await bus.initialize();
  await bus.start();
  return bus;
}
