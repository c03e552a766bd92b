import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkspaceModel } from "../../../src/workspace-model/declarations.ts";
import { readSources, SourceReader } from "../../../src/workspace-model/source-reader.ts";

const IMPORTS = `import { aggregate, command, component, event, processManager, reply, view } from "@sluice/transport";\n`;
const MESSAGES = `const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string }>();
const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();\n`;

const readText = (text: string): WorkspaceModel =>
  readSources([{ uri: "file:///shop/sales.ts", text: IMPORTS + MESSAGES + text }]);

/** Why the only component of a source has no shape. */
function reasonsOf(text: string) {
  const [component] = readText(text).components;
  assert.equal(component?.shape, undefined);
  return component?.unreadable.map(({ reason }) => reason);
}

const NOT_READABLE: readonly (readonly [string, string, readonly object[]])[] = [
  ["a name that is made", `component("sa" + process.pid, (c) => {});`, [{ kind: "unknown-name", name: "process" }]],
  [
    "a name that changes",
    `let name = "a"; name = "b"; component(name, (c) => {});`,
    [{ kind: "changing", name: "name" }],
  ],
  [
    "a member that is set elsewhere",
    `const names = { own: "a" }; names.own = "b"; component(names.own, (c) => {});`,
    [{ kind: "changing", name: "names" }],
  ],
  [
    "a name that is given",
    `export const make = (name: string) => component(name, (c) => {});`,
    [{ kind: "parameter", name: "name" }],
  ],
  [
    "a handler under a condition",
    `const isOn = Boolean(1); component("sales", (c) => { if (isOn) c.handle(PlaceOrder, () => {}); });`,
    [{ kind: "conditional" }],
  ],
  [
    "a handler after what may have ended",
    `const isOn = Boolean(1); component("sales", (c) => { if (isOn) return; c.handle(PlaceOrder, () => {}); });`,
    [{ kind: "conditional" }],
  ],
  [
    "a handler in a loop",
    `component("sales", (c) => { for (const one of [PlaceOrder]) c.handle(one, () => {}); });`,
    [{ kind: "conditional" }, { kind: "changing", name: "one" }],
  ],
  [
    "a builder that is handed on",
    `import { add } from "elsewhere"; component("sales", (c) => { add(c); });`,
    [{ kind: "handed-on" }],
  ],
  [
    "a message of a package",
    `import { Charged } from "@acme/billing"; component("sales", (c) => { c.handle(Charged, () => {}); });`,
    [{ kind: "outside", module: "@acme/billing" }],
  ],
  [
    "a message that nobody declares",
    `component("sales", (c) => { c.handle(Charged, () => {}); });`,
    [{ kind: "unknown-name", name: "Charged" }],
  ],
  [
    "something else than a message",
    `component("sales", (c) => { c.handle("x", () => {}); });`,
    [{ kind: "unexpected", wanted: "message" }],
  ],
  [
    "options that are computed",
    `const options = JSON.parse("{}"); component("sales", options, (c) => {});`,
    [{ kind: "unexpected", wanted: "options" }],
  ],
  [
    "another component's command",
    `component("billing", (c) => { c.handle(PlaceOrder, () => {}); });`,
    [{ kind: "wrong-owner", type: "sales.PlaceOrder", owner: "sales" }],
  ],
  [
    "two aggregates of one category",
    `const one = () => aggregate("order", {}, (a) => {}); component("sales", (c) => { c.aggregate(one()); c.aggregate(one()); });`,
    [{ kind: "declared-twice", name: "order" }],
  ],
];

for (const [what, text, reasons] of NOT_READABLE) {
  test(`not readable here – ${what}`, () => assert.deepEqual(reasonsOf(text), reasons));
}

test("not readable here – a name that the transport refuses, in its words", () => {
  const [reason] = reasonsOf(`component("my-sales", (c) => {});`) ?? [];
  assert.match(reason?.kind === "refused" ? reason.sentence : "", /^"my-sales" cannot be the name of a component/);
});

test("messages – with owner, base, body and name, each once", () => {
  const { messages } = readText(
    `export const Base = event("sales.Base", { isBase: true })<{ a: 1 }>();
     export const Big = event("sales.Big", { extends: [Base] })(schema);
     const copy = { PlaceOrder };
     enum Type { Paid = "sales.Paid" }
     const Paid = reply(Type.Paid)();
     component("sales", (c) => { c.handle(copy.PlaceOrder, () => {}); c.handle(event("billing.*")<object>(), () => {}); });`,
  );
  assert.deepEqual(
    messages.map(({ kind, type, to, isBase, extends: bases, identifier, body }) => [
      identifier,
      kind,
      type,
      to,
      isBase,
      bases,
      body?.kind,
      body?.text,
    ]),
    [
      ["PlaceOrder", "command", "sales.PlaceOrder", "sales", false, [], "type", "{ orderId: string }"],
      ["OrderPlaced", "event", "sales.OrderPlaced", undefined, false, [], "type", "{ orderId: string }"],
      ["Base", "event", "sales.Base", undefined, true, [], "type", "{ a: 1 }"],
      ["Big", "event", "sales.Big", undefined, false, ["sales.Base"], "schema", "schema"],
      ["Paid", "reply", "sales.Paid", undefined, false, [], undefined, undefined],
      ["", "event", "billing.*", undefined, false, [], "type", "object"],
    ],
  );
});

test("places – of component, builder and handlers", () => {
  const source = `export const sales = component("sales", (c) => {
  c.handle(PlaceOrder, async (order, ctx) => {
    await ctx.publish(OrderPlaced, order);
  });
});
const short = component("short", (to) => to.receptor(OrderPlaced, () => []));`;
  const text = IMPORTS + MESSAGES + source;
  const { components, sends } = readSources([{ uri: "file:///shop/sales.ts", text }]);
  const at = ({ start, end }: { readonly start: number; readonly end: number }) => text.slice(start, end);
  const [sales, short] = components;
  assert.equal(sales?.identifier, "sales");
  assert.match(at(sales!.place), /^component\("sales"[^]*\}\)$/);
  assert.equal(sales!.builder!.parameter, "c");
  assert.equal(sales!.builder!.isBlock, true);
  assert.match(at(sales!.builder!.body), /^\{\n {2}c\.handle[^]*\n\}$/);
  assert.match(at(sales!.handlers[0]!.place), /^c\.handle\(PlaceOrder,[^]*\}\)$/);
  assert.match(at(sales!.handlers[0]!.body!), /^async \(order, ctx\) => \{/);
  assert.equal(short!.builder!.isBlock, false);
  assert.equal(at(short!.builder!.body), "to.receptor(OrderPlaced, () => [])");
  assert.deepEqual(
    sends.map(({ message, how, component, handler, place }) => [
      message.type,
      how,
      component?.name,
      handler?.messageType,
      at(place),
    ]),
    [["sales.OrderPlaced", "publish", "sales", "sales.PlaceOrder", "ctx.publish(OrderPlaced, order)"]],
  );
});

test("event-sourced declarations and views – with all that they take, fold and send", () => {
  const { eventSourced, views, sends } = readText(
    `const Begun = event("p.Begun")<{ id: string }>();
     const late = command("sales.Late", { to: "sales" })<{ id: string }>();
     export const process_ = processManager("process", {}, (p) => {
       p.startedBy(OrderPlaced, (e) => e.orderId, () => Begun({ id: "1" }), { from: "start" });
       p.timeout(late, (e) => e.id, () => []);
       p.evolve(Begun);
       p.gateway(Begun, () => PlaceOrder({ orderId: "1" }));
       p.completedBy(Begun);
     });
     export const rows = view("rows", () => [], (v) => { v.on(Begun, (all) => all); });
     component("sales", (c) => { c.processManager(process_); c.view(rows); });`,
  );
  assert.deepEqual(
    eventSourced.map(({ kind, category, handlers }) => [
      kind,
      category,
      handlers.map((one) => [one.kind, one.messageType]),
    ]),
    [
      [
        "process-manager",
        "process",
        [
          ["started-by", "sales.OrderPlaced"],
          ["timeout", "sales.Late"],
          ["evolve", "p.Begun"],
          ["gateway", "p.Begun"],
          ["completed-by", "p.Begun"],
        ],
      ],
    ],
  );
  assert.deepEqual(
    views.map(({ name, handlers }) => [name, handlers.map((one) => [one.kind, one.messageType])]),
    [["rows", [["fold", "p.Begun"]]]],
  );
  assert.deepEqual(
    sends.map(({ message, how, component, handler }) => [message.type, how, component?.name, handler?.kind]),
    [
      ["p.Begun", "made", "sales", "started-by"],
      ["sales.PlaceOrder", "made", "sales", "gateway"],
    ],
  );
});

test("a source that cannot be parsed – the last that could stays, and it is told where it ends to be understood", () => {
  const reader = new SourceReader();
  const uri = "file:///shop/sales.ts";
  const good = `${IMPORTS}export const sales = component("sales", (c) => {});`;
  reader.read([{ uri, text: good }]);
  const { components, unparsed } = reader.read([{ uri, text: `${good}\nconst = ;` }]);
  assert.deepEqual(
    components.map(({ name }) => name),
    ["sales"],
  );
  assert.equal(unparsed[0]?.hasLastGood, true);
  assert.equal(unparsed[0]?.place.start, good.length + "\nconst ".length);
  const mended = reader.read([{ uri, text: good.replace(`"sales"`, `"shop"`) }]);
  assert.deepEqual(
    mended.components.map(({ name }) => name),
    ["shop"],
  );
  assert.deepEqual(mended.unparsed, []);
});

test("an incremental reader – gives the same model while nothing has changed, and follows a file that another one needs", () => {
  const reader = new SourceReader();
  const component = {
    uri: "file:///shop/sales.ts",
    text: `${IMPORTS}import { NAME } from "./name.js"; component(NAME, (c) => {});`,
  };
  const named = (name: string) => ({ uri: "file:///shop/name.ts", text: `export const NAME = "${name}";` });
  const first = reader.read([component, named("sales")]);
  assert.equal(reader.read([component, named("sales")]), first);
  assert.deepEqual(first.components[0]?.name, "sales");
  assert.deepEqual(reader.read([component, named("shop")]).components[0]?.name, "shop");
  assert.deepEqual(reader.read([component]).components[0]?.unreadable[0]?.reason, {
    kind: "outside",
    module: "./name.js",
  });
});

test("what leads back to itself is not followed for ever", () => {
  const { components } = readText(
    `const a = b; const b = a; component(a, (c) => {}); component("x", (c) => { c.aggregate(f()); }); function f() { return f(); }`,
  );
  assert.equal(components.length, 2);
});

test("names that every object has are names like others", () => {
  const { components, eventSourced } = readText(
    `const constructor = aggregate("constructor", {}, (a) => { String(a.toString()); a.decide(PlaceOrder, (m) => m.orderId, () => []); });
    component("sales", (c) => { c.aggregate(constructor); });`,
  );
  assert.deepEqual(components[0]?.unreadable, []);
  assert.deepEqual(Object.keys(components[0]?.shape?.categories ?? {}), ["constructor"]);
  assert.deepEqual(
    eventSourced[0]?.handlers.map(({ kind }) => kind),
    ["decide"],
  );
});

test("a source that is nested more deeply than can be read is told as one that cannot be parsed; the others are read", () => {
  const deep = `import "./sales.ts";\nexport const deep = ${"[".repeat(50_000)}${"]".repeat(50_000)};\n`;
  const { components, unparsed } = readSources([
    { uri: "file:///shop/deep.ts", text: deep },
    { uri: "file:///shop/sales.ts", text: `${IMPORTS}component("sales", (c) => {});` },
  ]);
  assert.deepEqual(
    components.map(({ name }) => name),
    ["sales"],
  );
  assert.deepEqual(
    unparsed.map(({ place: { uri } }) => uri),
    ["file:///shop/deep.ts"],
  );
});
