import { runInThisContext } from "node:vm";
import { type Component, component } from "@sluice/transport";
import { messagesIn, sendAll } from "../isolated.ts";
import { GrantGift, OrderPriced, PriceOrder } from "../messages.ts";
import { ruleOf } from "../rules.ts";

type Rule = (order: object, context: object) => unknown;

/** The same component with all rules in the heap of the process, each made into a function once: what it is compared with. */
export function pricingInSharedHeap(): Component {
  const rules = new Map<string, Rule>();
  return component("pricing", { delayedRetries: 0 }, (c) =>
    c.handle(PriceOrder, async (order, context) => {
      const source = ruleOf(order);
      const rule = rules.get(source) ?? (runInThisContext(`(${source})`) as Rule);
      rules.set(source, rule);
      await sendAll(context, messagesIn(JSON.stringify(rule(order, {}) ?? []), [OrderPriced, GrantGift]));
    }),
  );
}
