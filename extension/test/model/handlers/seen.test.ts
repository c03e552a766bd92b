import assert from "node:assert/strict";
import { test } from "node:test";
import { inferBody } from "../../../src/handlers/inference/infer-body.ts";
import { CountCache } from "../../../src/handlers/seen/count-cache.ts";
import { sampleBodies } from "../../../src/handlers/seen/sample-bodies.ts";
import { seenTypes } from "../../../src/handlers/seen/seen-types.ts";
import { countOrNone } from "../../../src/handlers/seen/type-count.ts";
import type { EventStore } from "../../../src/event-store/event-store.ts";
import { bytes, noted, openedStore } from "../event-store/opened-store.ts";
import { withoutLists } from "../streams/listed-server.ts";

const signal = AbortSignal.timeout(60_000);

async function fill(store: EventStore): Promise<void> {
  const event = (type: string, body: object, headers: object = {}) =>
    noted(JSON.stringify(body), { type, metadata: bytes(JSON.stringify(headers)) });
  await store.append(
    "sales-1",
    "any",
    Array.from({ length: 700 }, (_, n) =>
      event("sales.OrderPlaced", { orderId: `${n}` }, { "sluice.intent": "Publish" }),
    ),
  );
  await store.append("in.billing-sales", "any", [
    event("billing.ChargeCard", { amount: 1 }, { "sluice.intent": "Send" }),
    event("billing.CardCharged", { receipt: "1" }, { "sluice.intent": "Reply" }),
    noted("", { type: "Picture", isJson: false, data: Uint8Array.of(255, 216) }),
  ]);
}

/** Waits until the server has listed all events of a type. */
async function listed(store: EventStore, type: string, events: number): Promise<void> {
  for (;;) {
    const count = await countOrNone(store, type, signal);
    if (count?.events === events) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("seen types – with their counts, as the server lists them, and what their messages are for", async (t) => {
  const { store } = await openedStore(t);
  await fill(store);
  await listed(store, "sales.OrderPlaced", 700);
  await listed(store, "Picture", 1);
  assert.deepEqual(await seenTypes(store, signal), [
    { type: "sales.OrderPlaced", kind: "event", count: { events: 700, isWhole: true } },
    { type: "Picture", kind: "event", count: { events: 1, isWhole: true } },
    { type: "billing.CardCharged", kind: "reply", count: { events: 1, isWhole: true } },
    { type: "billing.ChargeCard", kind: "command", count: { events: 1, isWhole: true } },
  ]);
  assert.deepEqual(await countOrNone(store, "never.Seen", signal), { events: 0, isWhole: true });
});

test("seen types – a server that lists nothing is looked through, and counts are not said to be whole", async (t) => {
  const { server, store } = await openedStore(t);
  await withoutLists(t, server);
  await fill(store);
  const [first] = await seenTypes(store, signal);
  assert.deepEqual(first, { type: "sales.OrderPlaced", kind: "event", count: { events: 700, isWhole: false } });
  assert.equal(await countOrNone(store, "never.Seen", signal), undefined);
  const { bodies, others } = await sampleBodies(store, "sales.OrderPlaced", signal);
  assert.deepEqual([bodies.length, others], [300, 0]);
});

test("seen types – bodies are sampled as they were written, and a type is inferred from them", async (t) => {
  const { store } = await openedStore(t);
  await fill(store);
  await listed(store, "Picture", 1);
  const { bodies } = await sampleBodies(store, "sales.OrderPlaced", signal);
  assert.equal(bodies.length, 300);
  assert.deepEqual(inferBody(bodies).type, {
    kind: "object",
    members: [{ name: "orderId", type: { kind: "string" }, isOptional: false }],
  });
  assert.deepEqual(await sampleBodies(store, "Picture", signal), { bodies: [], others: 1 });
  assert.deepEqual(await sampleBodies(store, "never.Seen", signal), { bodies: [], others: 0 });
});

test("count cache – asks once while a count is fresh, and again after it failed", async (t) => {
  const { store } = await openedStore(t);
  let now = 0;
  let asked = 0;
  const cache = new CountCache(() => now);
  const ask = (isGood = true) =>
    cache.of(store, "a", () => {
      asked += 1;
      return isGood ? Promise.resolve({ events: asked, isWhole: true }) : Promise.reject(new Error("away"));
    });
  assert.deepEqual(
    [await ask(), await ask()].map((count) => count?.events),
    [1, 1],
  );
  now = 20_000;
  await assert.rejects(ask(false));
  assert.equal((await ask())?.events, 3);
});
