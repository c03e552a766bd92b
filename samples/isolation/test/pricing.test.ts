import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { checkFlow, messageFlow, startSystem } from "@sluice/sample-display";
import { component, openParked } from "@sluice/transport";
import { Heaps, IsolatedHandlerFailed, messagesIn } from "../src/isolated.ts";
import { GrantGift, OrderPriced, PriceOrder } from "../src/messages.ts";
import { pricing } from "../src/pricing.ts";
import type { Shop } from "../src/rules.ts";

const lines = [
  { goods: "tea", pieces: 6, price: 350 },
  { goods: "cups", pieces: 4, price: 900 },
];
const REASONS: Readonly<Partial<Record<Shop, RegExp>>> = {
  looping: /^The handler took too long\./,
  sorting: /^The handler took too long\./,
  greedy: /^The handler took too much memory\./,
  throwing: /^The handler threw TypeError: cannot read property 'discount' of undefined\./,
  prying: /^The handler threw ReferenceError: 'process' is not defined\./,
};

test("pricing – a rule that misbehaves harms its own order only, which is parked with the reason", async () => {
  await using heaps = new Heaps({ milliseconds: 200, bytes: 4 * 1024 * 1024 });
  const totals = new Map<string, number>();
  const gifts = new Set<string>();
  const priced = Promise.withResolvers<void>();
  const parked = Promise.withResolvers<void>();
  let parkings = 0;
  const orders = Object.keys(REASONS).flatMap((shop) => [
    { orderId: `before ${shop}`, shop: "honest" },
    { orderId: shop, shop },
    { orderId: `tampered beside ${shop}`, shop: "tampering" },
    { orderId: `behind ${shop}`, shop: "honest" },
  ]);
  const expected = orders.length - Object.keys(REASONS).length;
  const rest = component("gifts", (c) => {
    const lookAround = (): void => {
      if (totals.size === expected && gifts.size === 2 * Object.keys(REASONS).length) priced.resolve();
    };
    c.handle(OrderPriced, ({ orderId, total }) => {
      totals.set(orderId, total);
      lookAround();
    });
    c.handle(GrantGift, ({ orderId }) => {
      gifts.add(orderId);
      lookAround();
    });
  });
  await using system = await startSystem({ memory: true, port: 0 }, [pricing(heaps), rest], {
    say: () => {},
    on: ({ kind }) => {
      if (kind === "parked" && ++parkings === Object.keys(REASONS).length) parked.resolve();
    },
  });
  for (const order of orders) await system.sender.send(PriceOrder, { ...order, lines });
  await Promise.all([priced.promise, parked.promise]);
  for (const [orderId, total] of totals) assert.equal(total, orderId.startsWith("tampered") ? 1 : 5130, orderId);
  const all = openParked("pricing", { connectionString: system.connectionString });
  const { messages } = await all.list();
  await all.close();
  assert.equal(messages.length, Object.keys(REASONS).length);
  for (const { message, exception } of messages) {
    const { shop } = JSON.parse(Buffer.from(message?.body ?? []).toString()) as { shop: Shop };
    assert.equal(exception.name, "IsolatedHandlerFailed");
    assert.match(exception.message, REASONS[shop] ?? /none/);
  }
});

test("pricing – the picture in the README is that of a run", async () => {
  await using heaps = new Heaps();
  const priced = Promise.withResolvers<void>();
  const gifts = component("gifts", (c) => c.handle(GrantGift, () => priced.resolve()));
  await using system = await startSystem({ memory: true, port: 0 }, [pricing(heaps), gifts], { say: () => {} });
  await system.sender.send(PriceOrder, { orderId: "1", shop: "honest", lines }, { correlationId: "picture" });
  await priced.promise;
  checkFlow(join(import.meta.dirname, "../README.md"), await messageFlow(system.connectionString, "picture"));
});

test("isolated – only messages that are allowed are sent, and none where one is not", () => {
  const body = { orderId: "1", total: 1 };
  assert.deepEqual(messagesIn(JSON.stringify({ type: OrderPriced.type, body }), [OrderPriced]), [[OrderPriced, body]]);
  assert.deepEqual(messagesIn("[]", [OrderPriced]), []);
  for (const answer of [7, "text", { type: PriceOrder.type, body }, { type: OrderPriced.type }, [[]], { type: {} }]) {
    assert.throws(
      () => messagesIn(JSON.stringify([{ type: OrderPriced.type, body }, answer].flat(0)), [OrderPriced]),
      (error) => error instanceof IsolatedHandlerFailed && error.failing === "answered nonsense",
    );
  }
});
