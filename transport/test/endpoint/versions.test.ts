import assert from "node:assert/strict";
import { test } from "node:test";
import { component, event } from "../../src/index.ts";
import { bench, until } from "./harness.ts";

test("publishing – 38. two versions of a message type live together: who knows the old one gets both, who wants the new one gets it alone", async () => {
  await using b = await bench();
  const shop = b.name("shop");
  const Placed = event(`${shop}.OrderPlaced`, { isBase: true })<{ orderId: string; total: number }>();
  /** The next version says more, and is a kind of the first: who knows only that one goes on. */
  const PlacedV2 = event(`${shop}.OrderPlaced.v2`, { extends: [Placed] })<{
    orderId: string;
    total: number;
    currency: string;
  }>();
  const told: string[] = [];
  await b.start(
    component(b.name("old"), (c) =>
      c.handle(Placed, ({ orderId, total }) => void told.push(`old ${orderId} ${total}`)),
    ),
    component(b.name("new"), (c) =>
      c.handle(PlacedV2, ({ orderId, currency }) => void told.push(`new ${orderId} ${currency}`)),
    ),
  );
  await b.sender.publish(Placed, { orderId: "1", total: 10 });
  await b.sender.publish(PlacedV2, { orderId: "2", total: 20, currency: "EUR" });
  await b.sender.publish(Placed, { orderId: "3", total: 30 });
  await until("both versions are handled", () => told.length >= 4);
  assert.deepEqual(told.toSorted(), ["new 2 EUR", "old 1 10", "old 2 20", "old 3 30"]);
});
