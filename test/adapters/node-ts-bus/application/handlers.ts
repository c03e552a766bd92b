import { type BusInstance, handlerFor } from "@node-ts/bus-core";
import {
  CardCharged,
  CardDeclined,
  ChargeCard,
  OrderClosed,
  OrderPlaced,
  OrderShipped,
  PlaceOrder,
  ShipOrder,
} from "./messages.ts";

/** What the outside world is to the shop. */
export interface World {
  /** @returns whether the card was good for it. @throws while the card company does not answer */
  charge(orderId: string, amount: number): Promise<boolean>;
  handToCarrier(orderId: string): Promise<void>;
  tellCustomer(orderId: string, outcome: string): void;
}

export const placeOrder = (bus: () => BusInstance) =>
  handlerFor(PlaceOrder, async ({ orderId, amount }) => {
    await bus().publish(new OrderPlaced(orderId, amount));
  });

export const chargeCard = (bus: () => BusInstance, world: World) =>
  handlerFor(ChargeCard, async ({ orderId, amount }) => {
    const isGood = await world.charge(orderId, amount);
    await bus().publish(isGood ? new CardCharged(orderId) : new CardDeclined(orderId));
  });

export const shipOrder = (bus: () => BusInstance, world: World) =>
  handlerFor(ShipOrder, async ({ orderId }) => {
    await world.handToCarrier(orderId);
    await bus().publish(new OrderShipped(orderId));
  });

export const tellCustomer = (world: World) =>
  handlerFor(OrderClosed, ({ orderId, outcome }) => world.tellCustomer(orderId, outcome));
