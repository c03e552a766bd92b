import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewHandlerKind } from "../../../src/handlers/generate/request.ts";
import { componentFigures } from "../../../src/handlers/component-figures.ts";
import { kindsFor, messagesFor } from "../../../src/handlers/handler-choices.ts";
import { messageHints } from "../../../src/handlers/message-hints.ts";
import type { EventSourcedDeclaration } from "../../../src/workspace-model/declarations.ts";
import type { ServerView } from "../../../src/server/server-watch.ts";
import { workspaceOf } from "./written-workspace.ts";

const { model } = workspaceOf({
  "shop.ts": `import { aggregate, command, component, event, processManager, reply, view } from "@sluice/transport";

export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ id: string }>();
export const CancelOrder = command("sales.CancelOrder", { to: "sales" })<{ id: string }>();
export const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ id: string }>();
export const Placed = event("sales.Placed", { isBase: true })<{ id: string }>();
export const BigPlaced = event("sales.BigPlaced", { extends: [Placed] })<{ id: string }>();
export const Recorded = event("sales.Recorded")<{ id: string }>();
export const Shipped = event("shipping.Shipped")<{ id: string }>();
export const Lost = event("shipping.Lost")<{ id: string }>();
export const Accepted = reply("sales.Accepted")<{ id: string }>();

const order = aggregate("order", {}, { events: [Recorded] }, (a) => {
  a.decide(PlaceOrder, (m) => m.id, (_, m) => [Recorded(m)]);
  a.evolve(Recorded);
});
const delivery = processManager("delivery", {}, (p) => {
  p.startedBy(Placed, (e) => e.id, () => []);
  p.evolve(Shipped);
});
export const sales = component("sales", (c) => {
  c.aggregate(order);
  c.processManager(delivery);
  c.view(view("all", () => 0, (v) => v.on(event("shipping.*")<object>(), () => 0)));
  c.handle(PlaceOrder, async (m, ctx) => ctx.publish(Placed, m));
});
`,
});
const [sales] = model.components;

test("handler choices – what a component can handle, what nothing handles first", () => {
  const types = (kind: NewHandlerKind, name: string, manager?: EventSourcedDeclaration): readonly string[] =>
    messagesFor(kind, name, manager, model).map(({ message: { type }, handledBy }) => `${type} ${handledBy.join()}`);
  assert.deepEqual(types("command-handler", "sales"), ["sales.CancelOrder ", "sales.PlaceOrder sales"]);
  assert.deepEqual(types("command-handler", "other"), []);
  assert.deepEqual(types("event-subscription", "sales"), [
    "sales.Recorded ",
    "sales.BigPlaced sales",
    "sales.Placed sales",
    "shipping.Lost sales",
    "shipping.Shipped sales",
  ]);
  assert.deepEqual(
    types(
      "gateway",
      "sales",
      model.eventSourced.find(({ category }) => category === "delivery"),
    ),
    ["shipping.Shipped sales"],
  );
});

test("handler choices – a gateway needs a process manager, and a message decides on what can take it", () => {
  assert.deepEqual(kindsFor(sales, "reply"), ["reply-handler", "aggregate", "process-manager"]);
  assert.ok(kindsFor(sales, "event").includes("gateway"));
  assert.ok(!kindsFor(undefined).includes("gateway"));
});

test("message hints – what nothing handles or sends, but for what is recorded, extends or is in a namespace", () => {
  const hints = messageHints(model).map(({ kind, message: { type } }) => `${kind} ${type}`);
  assert.deepEqual(hints, [
    "not-handled sales.CancelOrder",
    "not-handled billing.ChargeCard",
    "not-sent sales.PlaceOrder",
    "not-sent sales.PlaceOrder",
  ]);
});

test("message hints – nothing is said to be unhandled where a component cannot be read as a whole", () => {
  const { model } = workspaceOf({
    "a.ts": `import { command, component } from "@sluice/transport";
export const Place = command("a.Place", { to: "a" })<{ id: string }>();
export const a = component("a", (c) => globalThis.declare(c));
`,
  });
  assert.deepEqual(messageHints(model), []);
});

test("component figures – what waits and what has failed, as far as it is known", () => {
  const observed = {
    components: [
      { name: "sales", group: { lastKnown: 12n, checkpoint: 9n } },
      { name: "new", group: { lastKnown: undefined, checkpoint: undefined } },
      { name: "hidden", group: undefined },
    ],
  };
  const failed = new Map([["sales", [{ count: 2 }, { count: 3 }]]]);
  const view = { kind: "seen", connectionId: "a", observed, failed } as object as ServerView;
  assert.deepEqual(componentFigures(view, "sales"), { lag: 3, parked: 5 });
  assert.deepEqual(componentFigures(view, "new"), { lag: 0, parked: undefined });
  assert.equal(componentFigures(view, "hidden"), undefined);
  assert.equal(componentFigures({ kind: "nothing" }, "sales"), undefined);
});
