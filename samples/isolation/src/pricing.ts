import { type Component, component } from "@sluice/transport";
import { type Heaps, isolated } from "./isolated.ts";
import { GrantGift, OrderPriced, PriceOrder } from "./messages.ts";
import { ruleOf } from "./rules.ts";

/** Prices orders by the rules of their shops, each order in a heap of its own. */
export const pricing = (heaps: Heaps): Component =>
  component("pricing", (c) => c.handle(PriceOrder, isolated(heaps, ruleOf, [OrderPriced, GrantGift])));
