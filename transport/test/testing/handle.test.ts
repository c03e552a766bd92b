import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, handle } from "@sluice/transport/testing";
import { command, component, defer, event, reply, view } from "../../src/index.ts";

const Place = command("sales.Place", { to: "sales" })<{ id: string; note?: string | undefined }>();
const Remind = command("sales.Remind", { to: "sales" })<{ id: string }>();
const Placed = event("sales.Placed", { isBase: true })<{ id: string }>();
const BigPlaced = event("sales.BigPlaced", { extends: [Placed] })<{ id: string; size: number }>();
const Shipped = event("shipping.Shipped")<{ id: string }>();
const Accepted = reply("sales.Accepted")<{ id: string }>();

const sales = component("sales", (c) => {
  c.handle(Place, async ({ id, ...others }, ctx) => {
    if ("note" in others) throw new RangeError("It is read as JSON, which has no undefined.");
    await ctx.publish(Placed, { id }, { headers: { by: ctx.component } });
    const reminder = await ctx.send(Remind, { id }, { delayFor: 5 });
    await ctx.cancel(reminder);
    await ctx.reply(Accepted, { id: String(ctx.headers["tenant"] ?? id) });
  });
  c.receptor(Placed, ({ id }) => [Remind({ id }), defer(Remind({ id }), { delayFor: 7 })]);
  c.handle(event("shipping.*")<{ id: string }>(), () => {
    throw new RangeError("Not today.");
  });
});

test("testing – a component's plain handlers and receptors handle a message, and what they send is told", async () => {
  const id = "17";
  assert.deepEqual(await handle(sales, Place({ id, note: undefined })), [
    Placed({ id }),
    defer(Remind({ id }), { delayFor: 5 }),
    Accepted({ id }),
  ]);
  assert.deepEqual((await handle(sales, Place({ id }), { headers: { tenant: "acme" } }))[2], Accepted({ id: "acme" }));
  const reminders = [Remind({ id }), defer(Remind({ id }), { delayFor: 7 })];
  assert.deepEqual(await handle(sales, Placed({ id })), reminders);
  assert.deepEqual(await handle(sales, BigPlaced({ id, size: 1 })), reminders);
});

test("testing – what a handler throws is thrown, and so is a message that none takes", async () => {
  await assert.rejects(handle(sales, Shipped({ id: "1" })), /Not today/);
  await assert.rejects(handle(sales, Remind({ id: "1" })), /No plain handler of sales takes sales.Remind/);
});

test("testing – a view folds events, those that extend one it folds among them, and passes over others", () => {
  const ids = view(
    "ids",
    () => new Set<string>(),
    (v) => v.on(Placed, (ids, { id }) => void ids.add(id)),
  );
  assert.deepEqual(
    fold(ids, Placed({ id: "1" }), Shipped({ id: "2" }), BigPlaced({ id: "3", size: 9 })),
    new Set(["1", "3"]),
  );
});

test("testing – handlers of the type itself come first, then those of types it extends, then those of namespaces, as in an endpoint", async () => {
  const Changed = event("sales.Changed", { isBase: true })<{ id: string }>();
  const Placed = event("sales.Placed", { extends: [Changed] })<{ id: string }>();
  const Heard = event("audit.Heard")<{ by: string }>();
  const audit = component("audit", (c) => {
    for (const on of [event("sales.*")<{ id: string }>(), Changed, Placed])
      c.handle(on, (_, context) => context.publish(Heard, { by: on.type }));
  });
  const heard = await handle(audit, Placed({ id: "1" }));
  assert.deepEqual(
    heard.map(({ body }) => body),
    [{ by: "sales.Placed" }, { by: "sales.Changed" }, { by: "sales.*" }],
  );
});
