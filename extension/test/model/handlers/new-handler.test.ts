import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { MessageChoice, NewHandlerKind, NewHandlerRequest } from "../../../src/handlers/generate/request.ts";
import { inferBody } from "../../../src/handlers/inference/infer-body.ts";
import { run, withTypeScript } from "./type-script.ts";
import { type Workspace, workspaceOf, written } from "./written-workspace.ts";

const TYPESCRIPT = {
  ".oxfmtrc.json": '{ "printWidth": 90 }',
  "package.json": '{ "name": "shop", "type": "module" }',
  "messages.ts": `import { command, event, reply } from "@sluice/transport";

export interface Order {
  orderId: string;
  total: number;
  state: "open" | "closed";
  lines: { product: string; amount: number }[];
}

export const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<Order>();
export const OrderPaid = event("billing.OrderPaid")<{ orderId: string; total: number; at: string }>();
export const CardCharged = reply("billing.CardCharged")<{ readonly receipt: string }>();
export const ShipOrder = command("shipping.ShipOrder", { to: "shipping" })<{ orderId: string }>();
`,
  "sales.ts": `import { component } from "@sluice/transport";
import { deliveries } from "./deliveries.ts";

export const sales = component("sales", (c) => {
  c.processManager(deliveries);
});
`,
  "deliveries.ts": `import { event, processManager } from "@sluice/transport";
import { OrderPaid } from "./messages.ts";

export const DeliveryBegun = event("sales.DeliveryBegun")<{ orderId: string }>();

export const deliveries = processManager("deliveries", { begun: false }, { events: [DeliveryBegun] }, (p) => {
  p.startedBy(
    OrderPaid,
    (e) => e.orderId,
    (state, { orderId }) => (state.begun ? [] : [DeliveryBegun({ orderId })]),
  );
  p.evolve(DeliveryBegun, () => ({ begun: true }));
});
`,
};

const JAVASCRIPT = {
  "package.json": '{ "name": "shop", "type": "module" }',
  "messages.js": `import { command, event, reply } from '@sluice/transport'

/** @typedef {{ orderId: string, total: number }} Order */

export const PlaceOrder = /** @type {() => import('@sluice/transport').CommandDefinition<Order, Order, 'sales.PlaceOrder'>} */ (command('sales.PlaceOrder', { to: 'sales' }))()
export const OrderPaid = /** @type {() => import('@sluice/transport').EventDefinition<Order, Order, 'billing.OrderPaid'>} */ (event('billing.OrderPaid'))()
export const CardCharged = /** @type {() => import('@sluice/transport').ReplyDefinition<Order, Order, 'billing.CardCharged'>} */ (reply('billing.CardCharged'))()
export const ShipOrder = /** @type {() => import('@sluice/transport').CommandDefinition<Order, Order, 'shipping.ShipOrder'>} */ (command('shipping.ShipOrder', { to: 'shipping' }))()
`,
  "sales.js": `import { component } from '@sluice/transport'
import { deliveries } from './deliveries.js'

export const sales = component('sales', (c) => {
  c.processManager(deliveries)
})
`,
  "deliveries.js": `import { event, processManager } from '@sluice/transport'
import { OrderPaid } from './messages.js'

export const DeliveryBegun = /** @type {() => import('@sluice/transport').EventDefinition<{ orderId: string }, { orderId: string }, 'sales.DeliveryBegun'>} */ (event('sales.DeliveryBegun'))()

export const deliveries = processManager('deliveries', { begun: false }, { events: [DeliveryBegun] }, (p) => {
  p.startedBy(
    OrderPaid,
    (e) => e.orderId,
    (state, { orderId }) => (state.begun ? [] : [DeliveryBegun({ orderId })]),
  )
  p.evolve(DeliveryBegun, () => ({ begun: true }))
})
`,
};

const KINDS: Readonly<
  Record<NewHandlerKind, { readonly message: "command" | "event" | "reply"; readonly declared: string }>
> = {
  "command-handler": { message: "command", declared: "sales.PlaceOrder" },
  "event-subscription": { message: "event", declared: "billing.OrderPaid" },
  "reply-handler": { message: "reply", declared: "billing.CardCharged" },
  receptor: { message: "event", declared: "billing.OrderPaid" },
  aggregate: { message: "command", declared: "sales.PlaceOrder" },
  "process-manager": { message: "event", declared: "billing.OrderPaid" },
  gateway: { message: "event", declared: "sales.DeliveryBegun" },
  view: { message: "event", declared: "billing.OrderPaid" },
};

const BODY = inferBody(
  Array.from({ length: 20 }, (_, n) =>
    JSON.stringify({
      orderId: `${n}`,
      state: n % 2 === 0 ? "open" : "closed",
      at: "2027-01-31T12:00:00Z",
      "shipping address": { street: "Kai", zip: n % 3 === 0 ? null : 20457 },
      lines: [{ product: "copper", amount: 9007199254740993n.toString() }],
      ...(n % 2 === 0 ? { note: "soon" } : {}),
    }),
  ),
).type;

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly request: (workspace: Workspace) => NewHandlerRequest;
}

const declared = ({ model }: Workspace, type: string): MessageChoice => ({
  declared: model.messages.find((message) => message.type === type)!,
});
const sales = ({ model }: Workspace): NewHandlerRequest["component"] => ({
  declared: model.components.find(({ name }) => name === "sales")!,
});
const anew = (kind: "command" | "event" | "reply", type: string, body = BODY): MessageChoice => ({
  new: {
    kind,
    type,
    ...(kind === "command" ? { to: type.split(".")[0]! } : {}),
    ...(body === undefined ? {} : { body }),
  },
});

const CASES: readonly Case[] = Object.entries(KINDS).flatMap(([kind, { message, declared: type }]) =>
  [TYPESCRIPT, JAVASCRIPT].flatMap((files) =>
    ["declared", "new"].flatMap((source) =>
      ["nothing", "ShipOrder", "something new"].flatMap((sends): Case[] => {
        if (sends !== "nothing" && ["aggregate", "process-manager", "view"].includes(kind)) return [];
        return [
          {
            name: `${kind} ${files === TYPESCRIPT ? "TypeScript" : "JavaScript"} ${source} ${sends}`.replaceAll(
              " ",
              "-",
            ),
            files,
            request: (workspace) => ({
              kind: kind as NewHandlerKind,
              component: sales(workspace),
              message: source === "declared" ? declared(workspace, type) : anew(message, "sales.OrderSeen"),
              ...(sends === "nothing"
                ? {}
                : {
                    sends:
                      sends === "ShipOrder"
                        ? declared(workspace, "shipping.ShipOrder")
                        : { new: { kind: "command", type: "stock.Reserve", to: "stock" } },
                  }),
              ...(kind === "gateway"
                ? { within: workspace.model.eventSourced.find(({ category }) => category === "deliveries")! }
                : {}),
              ...(kind === "aggregate" || kind === "process-manager" || kind === "view" ? { name: "orders" } : {}),
            }),
          },
        ];
      }),
    ),
  ),
);

test("new handler – every kind, in TypeScript and JavaScript, compiles strictly, is formatted, passes its test, and is registered", async () => {
  const files: Record<string, string> = {};
  const made: string[] = [];
  for (const { name, files: before, request } of CASES) {
    const workspace = workspaceOf(before);
    const wanted = request(workspace);
    const { after, plan, changed } = await written(workspace, wanted);
    made.push(
      ...Object.keys(changed)
        .filter((file) => !(file in before) && file.endsWith(".ts"))
        .map((file) => `${name}/${file}`),
    );
    for (const [file, text] of after.files) files[`${name}/${file}`] = text;
    assert.equal(plan.startsProgram, undefined);
    const type = "new" in wanted.message ? wanted.message.new.type : wanted.message.declared.type;
    const handlers = [...after.model.components, ...after.model.eventSourced, ...after.model.views].flatMap(
      (one) => one.handlers,
    );
    assert.ok(
      handlers.some(({ messageType }) => messageType === type),
      `${name}: nothing handles ${type}`,
    );
    assert.deepEqual(after.model.unparsed, []);
    assert.deepEqual(
      after.model.components.flatMap(({ unreadable }) => unreadable),
      [],
      name,
    );
  }
  await withTypeScript(files, async ({ errors, directory }) => {
    if (process.env["SLUICE_KEEP"] !== undefined) await run("cp", ["-r", directory, process.env["SLUICE_KEEP"]]);
    assert.equal(errors.split("\n").slice(0, 12).join("\n"), "");
    const formatted = await run(
      join(import.meta.dirname, "../../../../node_modules/.bin/oxfmt"),
      ["--check", ...made],
      directory,
    );
    assert.ok(formatted.isGood, formatted.output);
    const tests = Object.keys(files).filter((name) => /\.test\.[jt]s$/.test(name));
    assert.equal(tests.length, CASES.length);
    const { isGood, output } = await run(
      process.execPath,
      ["--conditions=sluice-source", "--test", "--test-isolation=none", ...tests.map((name) => join(directory, name))],
      directory,
    );
    assert.ok(isGood, output);
    assert.match(output, /^ℹ fail 0$/m);
    assert.ok(Number(/^ℹ pass (\d+)$/m.exec(output)?.[1]) >= CASES.length, output);
  });
});
