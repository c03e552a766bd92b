import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { HandlerNotWritten } from "../../../src/handlers/generate/not-written.ts";
import { camel, eventAfter, kebab } from "../../../src/handlers/generate/names.ts";
import type { NewHandlerRequest } from "../../../src/handlers/generate/request.ts";
import { run, withTypeScript } from "./type-script.ts";
import { uriOf, type Workspace, workspaceOf, written } from "./written-workspace.ts";

const MESSAGES = `import { command, event } from "@sluice/transport";

export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string }>();
export const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();
`;
const PACKAGE = '{ "name": "shop", "type": "module" }';

const requestFor = (
  { model }: Workspace,
  type = "sales.PlaceOrder",
  kind: NewHandlerRequest["kind"] = "command-handler",
): NewHandlerRequest => ({
  kind,
  component: { declared: model.components[0]! },
  message: { declared: model.messages.find((message) => message.type === type)! },
});

/** What the tests below have written, to be compiled and run together at the end. */
const all: Record<string, string> = {};

function willRun(name: string, { files }: Workspace): void {
  for (const [file, text] of files) all[`${name}/${file}`] = text;
}

test("new handler – is registered in whatever form a component is declared", async () => {
  const forms: Readonly<Record<string, string>> = {
    '"sales"': '"sales", (c) => {\n  c.handle(PlaceOrder, placeOrder);\n}',
    '"sales",': '"sales", (c) => {\n  c.handle(PlaceOrder, placeOrder);\n}',
    '"sales", () => {}': '"sales", (c) => {\n  c.handle(PlaceOrder, placeOrder);\n}',
    '"sales", { concurrency: 2 }, (sales) => {}':
      '"sales", { concurrency: 2 }, (sales) => {\n  sales.handle(PlaceOrder, placeOrder);\n}',
    '"sales", (c) => c.handle(OrderPlaced, () => {})':
      '"sales", (c) => {\n  c.handle(OrderPlaced, () => {});\n  c.handle(PlaceOrder, placeOrder);\n}',
    '"sales", (c) => (c.handle(OrderPlaced, () => {}))':
      '"sales", (c) => {\n  (c.handle(OrderPlaced, () => {}));\n  c.handle(PlaceOrder, placeOrder);\n}',
    '"sales", (c) => { c.handle(OrderPlaced, () => {}) }':
      '"sales", (c) => { c.handle(OrderPlaced, () => {})\n  c.handle(PlaceOrder, placeOrder);\n}',
    '"sales", function (c) {\n  // Nothing yet.\n}':
      '"sales", function (c) {\n  // Nothing yet.\n  c.handle(PlaceOrder, placeOrder);\n}',
  };
  for (const [before, expected] of Object.entries(forms)) {
    const workspace = workspaceOf({
      "package.json": PACKAGE,
      "messages.ts": MESSAGES,
      "sales.ts": `import { component } from "@sluice/transport";\nimport { OrderPlaced } from "./messages.ts";\n\nexport const sales = component(${before});\nexport const used = OrderPlaced;\n`,
    });
    const { changed, after } = await written(workspace, requestFor(workspace));
    assert.equal(
      changed["sales.ts"],
      `import { component } from "@sluice/transport";\nimport { OrderPlaced, PlaceOrder } from "./messages.ts";\nimport { placeOrder } from "./place-order.ts";\n\nexport const sales = component(${expected});\nexport const used = OrderPlaced;\n`,
    );
    assert.ok(
      after.model.components[0]!.handlers.some(({ messageType }) => messageType === "sales.PlaceOrder"),
      before,
    );
  }
});

test("new handler – follows a builder into the file that it is written in", async () => {
  const workspace = workspaceOf({
    "package.json": PACKAGE,
    "messages.ts": MESSAGES,
    "handlers.ts": `import type { ComponentBuilder } from "@sluice/transport";\n\nexport function handlers(c: ComponentBuilder) {}\n`,
    "sales.ts": `import { component } from "@sluice/transport";\nimport { handlers } from "./handlers.ts";\n\nexport const sales = component("sales", handlers);\n`,
  });
  const { changed } = await written(workspace, requestFor(workspace));
  assert.deepEqual(Object.keys(changed).sort(), ["handlers.ts", "place-order.test.ts", "place-order.ts"]);
  assert.match(changed["handlers.ts"]!, /\{\n {2}c\.handle\(PlaceOrder, placeOrder\);\n\}\n$/);
});

test("new handler – says what is in the way where it cannot be written", async () => {
  const refused = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const workspace = workspaceOf({ "messages.ts": MESSAGES, ...files });
    return written(workspace, requestFor(workspace)).then(
      () => "written",
      (error: HandlerNotWritten) => error.reason,
    );
  };
  const start = 'import { component } from "@sluice/transport";\n';
  assert.equal(await refused({ "a.ts": `${start}component("sales", ({ handle }) => {});` }), "no-builder");
  assert.equal(await refused({ "a.ts": `${start}component("sales", globalThis.declare);` }), "no-builder");
  assert.equal(
    await refused({ "a.js": 'const { component } = require("@sluice/transport");\ncomponent("sales", (c) => {});' }),
    "requires",
  );
});

test("new handler – names and files that are taken are not taken again", async () => {
  const workspace = workspaceOf({
    "package.json": PACKAGE,
    "messages.ts": MESSAGES,
    "place-order.ts": "export {};\n",
    "place-order-handler.test.ts": "export {};\n",
    "sales.ts": `import { component } from "@sluice/transport";

const PlaceOrder = 1;
export const placeOrder = PlaceOrder;

export const sales = component("sales", (c) => {
});
`,
  });
  const { changed, after } = await written(workspace, requestFor(workspace));
  assert.deepEqual(Object.keys(changed).sort(), [
    "place-order-handler-2.test.ts",
    "place-order-handler-2.ts",
    "sales.ts",
  ]);
  assert.match(changed["sales.ts"]!, /import \{ PlaceOrder as SalesPlaceOrder \} from "\.\/messages\.ts";/);
  assert.match(changed["sales.ts"]!, /c\.handle\(SalesPlaceOrder, placeOrderHandler\);/);
  willRun("taken", after);
});

test("new handler – what is all in one file stays there where modules would import each other while they are evaluated", async () => {
  for (const kind of ["aggregate", "command-handler"] as const) {
    const workspace = workspaceOf({
      "package.json": PACKAGE,
      "sales.ts": `import { command, component } from "@sluice/transport";

const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string }>();

/** Sells. */
export const sales = component("sales", (c) => {});
`,
    });
    const { after, changed } = await written(workspace, { ...requestFor(workspace, undefined, kind), name: "order" });
    assert.match(changed["sales.ts"]!, /^export const PlaceOrder = /m);
    willRun(`one-file-${kind.replace(" ", "-")}`, after);
  }
});

test("new handler – an aggregate or process manager that is there decides on a further message", async () => {
  const files = {
    "package.json": PACKAGE,
    "messages.ts": `${MESSAGES}export const CancelOrder = command("sales.CancelOrder", { to: "sales" })<{ orderId: string }>();\n`,
    "order.ts": `import { aggregate } from "@sluice/transport";
import { OrderPlaced, PlaceOrder } from "./messages.ts";

export const order = aggregate("order", { placed: false }, { events: [OrderPlaced] }, (a) => {
  a.decide(
    PlaceOrder,
    (m) => m.orderId,
    (_, m) => OrderPlaced(m),
  );
  a.evolve(OrderPlaced, () => ({ placed: true }));
});
`,
    "flow.ts": `import { processManager } from "@sluice/transport";
import { OrderPlaced } from "./messages.ts";

export const flow = processManager("flow", 0, (p) => p.startedBy(OrderPlaced, (e) => e.orderId, () => []));
`,
    "sales.ts": `import { component } from "@sluice/transport";
import { flow } from "./flow.ts";
import { order } from "./order.ts";

export const sales = component("sales", (c) => {
  c.aggregate(order);
  c.processManager(flow);
});
`,
  };
  for (const kind of ["aggregate", "process-manager"] as const) {
    const workspace = workspaceOf(files);
    const within = workspace.model.eventSourced.find((one) => one.kind === kind)!;
    const { after, changed } = await written(workspace, {
      ...requestFor(workspace, "sales.CancelOrder", kind),
      within,
    });
    const name = kind === "aggregate" ? "order" : "flow";
    assert.deepEqual(Object.keys(changed).sort(), [`${name}-cancel-order.test.ts`, `${name}.ts`, "messages.ts"].sort());
    assert.match(changed["messages.ts"]!, /event\("sales.OrderCanceled"\)/);
    if (kind === "aggregate") assert.match(changed["order.ts"]!, /\{ events: \[OrderPlaced, OrderCanceled\] \}/);
    assert.ok(
      after.model.eventSourced.some(({ handlers }) =>
        handlers.some(({ messageType }) => messageType === "sales.CancelOrder"),
      ),
    );
    willRun(`further-${kind}`, after);
  }
});

test("new handler – what cannot be imported without starting a program gets no test, and that is told", async () => {
  const workspace = workspaceOf({
    "main.ts": `import { command, component, startEndpoint } from "@sluice/transport";

export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string }>();
const sales = component("sales", (c) => {});
await startEndpoint([sales], { connectionString: "esdb://localhost" });
`,
  });
  const { changed, plan } = await written(workspace, requestFor(workspace));
  assert.equal(plan.startsProgram, uriOf("main.ts"));
  assert.equal(plan.lacksTransport, uriOf(""));
  assert.deepEqual(Object.keys(changed).sort(), ["main.ts", "place-order.ts"]);
});

test("new handler – a package without the transport is told, and one of a monorepo that has it is not", async () => {
  const sales = 'import { component } from "@sluice/transport";\nexport const sales = component("sales", (c) => {});\n';
  const lacking = async (root: string, own: string): Promise<string | undefined> => {
    const workspace = workspaceOf({
      "package.json": root,
      "sales/package.json": own,
      "sales/messages.ts": MESSAGES,
      "sales/sales.ts": sales,
    });
    return (await written(workspace, requestFor(workspace))).plan.lacksTransport;
  };
  const needs = '{ "type": "module", "dependencies": { "@sluice/transport": "*" } }';
  assert.equal(await lacking("{}", PACKAGE), uriOf("sales"));
  assert.equal(await lacking("{}", "{ this is no JSON"), uriOf("sales"));
  assert.equal(await lacking("{}", needs), undefined);
  assert.equal(await lacking(needs, PACKAGE), undefined);
});

test("new handler – a body that only a schema says is left to be filled in, and its test passes nevertheless", async () => {
  const workspace = workspaceOf({
    "package.json": PACKAGE,
    "messages.ts": `import { command, type StandardSchema } from "@sluice/transport";

const schema: StandardSchema<{ orderId: string | number }, { orderId: string }> = {
  "~standard": { version: 1, vendor: "shop", validate: (value) => "orderId" in Object(value) ? { value: { orderId: String(Object(value).orderId) } } : { issues: [{ message: "no order" }] } },
};
export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })(schema);
`,
    "sales.ts": `import { component } from "@sluice/transport";\n\nexport const sales = component("sales", (c) => {});\n`,
  });
  for (const kind of ["command-handler", "aggregate"] as const) {
    const { after, changed } = await written(workspace, { ...requestFor(workspace, undefined, kind), name: "order" });
    if (kind === "aggregate") assert.match(changed["messages.ts"]!, /event\("sales.OrderPlaced"\)\(schema\);/);
    willRun(`schema-${kind.replace(" ", "-")}`, after);
  }
});

test("new handler – in a monorepo, each thing goes where its package keeps it, and is imported by the package's name", async () => {
  const workspace = workspaceOf({
    ".git/HEAD": "",
    "package.json": '{ "workspaces": ["packages/*"], "devDependencies": { "vitest": "^4" } }',
    "tsconfig.json": '{ "compilerOptions": { "module": "nodenext" } }',
    "packages/contracts/package.json": '{ "name": "@shop/contracts", "exports": "./src/index.ts" }',
    "packages/contracts/src/index.ts": 'export * from "./sales.js";\n',
    "packages/contracts/src/sales.ts": MESSAGES,
    "packages/sales/package.json": '{ "name": "@shop/sales" }',
    "packages/sales/tsconfig.json": '{ "extends": "../../tsconfig.json" }',
    "packages/sales/src/sales.ts": `import { component } from '@sluice/transport'\r\n\r\nexport const sales = component('sales', (c) => {\r\n\tc.view(0 as never)\r\n})\r\n`,
    "packages/sales/test/other.test.ts": "",
  });
  const { changed } = await written(workspace, requestFor(workspace));
  assert.deepEqual(Object.keys(changed).sort(), [
    "packages/sales/src/place-order.ts",
    "packages/sales/src/sales.ts",
    "packages/sales/test/place-order.test.ts",
  ]);
  assert.equal(
    changed["packages/sales/src/sales.ts"],
    "import { component } from '@sluice/transport'\r\nimport { PlaceOrder } from '@shop/contracts'\r\nimport { placeOrder } from './place-order.js'\r\n\r\nexport const sales = component('sales', (c) => {\r\n\tc.view(0 as never)\r\n\tc.handle(PlaceOrder, placeOrder)\r\n})\r\n",
  );
  assert.match(changed["packages/sales/test/place-order.test.ts"]!, /import \{ expect, test \} from 'vitest'\r\n/);
  assert.match(changed["packages/sales/test/place-order.test.ts"]!, /from '\.\.\/src\/place-order\.js'/);
  assert.match(
    changed["packages/sales/test/place-order.test.ts"]!,
    /^\texpect\(await handle\(own, PlaceOrder\(body\)\)\)\.toEqual\(\[\]\)\r$/m,
  );
});

test("new handler – without a component, one is declared; without messages, a file for them", async () => {
  const workspace = workspaceOf({ "package.json": PACKAGE, "README.md": "" });
  const { changed, after } = await written(workspace, {
    kind: "event-subscription",
    component: { new: { name: "billing", directory: uriOf("src"), language: "TypeScript" } },
    message: { new: { kind: "event", type: "sales.OrderPlaced" } },
  });
  assert.deepEqual(Object.keys(changed).sort(), [
    "src/billing.ts",
    "src/messages.ts",
    "src/on-order-placed.test.ts",
    "src/on-order-placed.ts",
  ]);
  assert.equal(after.model.components[0]!.handlers[0]!.kind, "event-subscription");
  willRun("anew", after);
});

test("new handler – never changes what is there but by adding to it", () => {
  const parts = fc.record({
    indent: fc.constantFrom("  ", "    ", "\t"),
    end: fc.constantFrom(";", ""),
    quote: fc.constantFrom('"', "'"),
    line: fc.constantFrom("\n", "\r\n"),
    comment: fc.constantFrom("", "// A comment.\n", "/* One.\n * Two. */\n\n", "#!/usr/bin/env node\n"),
    kind: fc.constantFrom("command-handler" as const, "aggregate" as const),
  });
  return fc.assert(
    fc.asyncProperty(parts, async ({ indent, end, quote, line, comment, kind }) => {
      const text = (source: string): string =>
        source.replaceAll(";", end).replaceAll("  ", indent).replaceAll('"', quote).replaceAll("\n", line);
      const before = text(
        `${comment}import { component } from "@sluice/transport";\n\nexport const sales = component("sales", (c) => {\n  c.view(0);\n});\n`,
      );
      const workspace = workspaceOf({ "messages.ts": text(MESSAGES), "sales.ts": before });
      const { changed, after } = await written(workspace, { ...requestFor(workspace, undefined, kind), name: "order" });
      assert.deepEqual(after.model.unparsed, []);
      assert.ok(isAddedTo(before, changed["sales.ts"]!), changed["sales.ts"]);
      for (const one of Object.values(changed)) {
        assert.equal(/(?<!\r)\n/.test(one), line === "\n");
        assert.equal(/^import .*;\r?$/m.test(one), end === ";", one);
      }
    }),
    { numRuns: 60 },
  );
});

/** Whether all characters of one text stand in another, in their order. */
function isAddedTo(before: string, after: string): boolean {
  let at = 0;
  for (const character of after) if (character === before[at]) at += 1;
  return at === before.length;
}

test("new handler – an aggregate's event is called as what has happened", () => {
  const events = [
    "PlaceOrder",
    "ChargeCard",
    "ShipOrder",
    "SubmitClaim",
    "PayInvoice",
    "CancelOrder",
    "ApplyForLoan",
    "Begin",
    "PlanRoute",
    "Constructor",
  ];
  assert.deepEqual(
    events.map((name) => eventAfter(name, "command")),
    [
      "OrderPlaced",
      "CardCharged",
      "OrderShipped",
      "ClaimSubmitted",
      "InvoicePaid",
      "OrderCanceled",
      "ForLoanApplied",
      "Begun",
      "RoutePlanned",
      "Constructored",
    ],
  );
});

test("new handler – a new component of a package in CommonJS is an ECMAScript module, and its test passes", async () => {
  for (const [language, end] of [
    ["TypeScript", ".mts"],
    ["JavaScript", ".mjs"],
  ] as const) {
    const workspace = workspaceOf({ "package.json": '{ "name": "shop", "type": "commonjs" }' });
    const { changed } = await written(workspace, {
      kind: "command-handler",
      component: { new: { name: "sales", directory: uriOf(""), language } },
      message: { new: { kind: "command", type: "sales.PlaceOrder", to: "sales" } },
    });
    assert.deepEqual(
      Object.keys(changed).toSorted(),
      ["messages", "place-order", "place-order.test", "sales"].map((name) => name + end),
    );
    await withTypeScript({ "package.json": '{ "type": "commonjs" }', ...changed }, async ({ errors, directory }) => {
      assert.equal(errors, "");
      const test = join(directory, `place-order.test${end}`);
      const { isGood, output } = await run(
        process.execPath,
        ["--conditions=sluice-source", "--test", "--test-isolation=none", test],
        directory,
      );
      assert.ok(isGood && /^ℹ pass 1$/m.test(output), output);
    });
  }
});

test("new handler – what holds no letter that a name is made of here has a name all the same", () => {
  assert.deepEqual([kebab("订单"), camel("订单"), kebab("Open Orders")], ["value", "value", "open-orders"]);
});

test("new handler – all that was written above compiles strictly and passes its tests", async () => {
  await withTypeScript(all, async ({ errors, directory }) => {
    assert.equal(errors, "");
    const tests = Object.keys(all).filter((name) => name.endsWith(".test.ts"));
    assert.ok(tests.length >= 6);
    const { isGood, output } = await run(
      process.execPath,
      ["--conditions=sluice-source", "--test", "--test-isolation=none", ...tests.map((name) => join(directory, name))],
      directory,
    );
    assert.ok(isGood && /^ℹ fail 0$/m.test(output), output);
    assert.ok(Number(/^ℹ pass (\d+)$/m.exec(output)?.[1]) >= tests.length - 1, output);
  });
});
