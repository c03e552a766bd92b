import { command, component, type Component, event } from "../../src/index.ts";
import type { Names } from "../names.ts";

/** The messages of an order that is taken by one process and charged by another. */
export const messagesOf = (name: Names) => ({
  PlaceOrder: command(`${name("sales")}.PlaceOrder`, { to: name("sales") })<{ orderId: string }>(),
  OrderPlaced: event(`${name("sales")}.OrderPlaced`)<{ orderId: string }>(),
});

export function sales(name: Names): Component {
  const { PlaceOrder, OrderPlaced } = messagesOf(name);
  return component(name("sales"), (c) =>
    c.handle(PlaceOrder, ({ orderId }, ctx) => ctx.publish(OrderPlaced, { orderId })),
  );
}

/** Fails so many times: at once and later, until it parks, and works when it is tried again. */
export function billing(name: Names, failures: number): Component {
  let left = failures;
  const options = { immediateRetries: 1, delayedRetries: 1, timeIncrease: 50 };
  return component(name("billing"), options, (c) =>
    c.handle(messagesOf(name).OrderPlaced, async () => {
      left -= 1;
      if (left >= 0) throw new RangeError("the card reader is jammed");
    }),
  );
}
