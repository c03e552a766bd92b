import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type Component, shapeOf } from "@sluice/transport";
import type { ComponentShape } from "@sluice/transport/topology";
import type { WorkspaceModel } from "../../../src/workspace-model/declarations.ts";
import { readSources } from "../../../src/workspace-model/source-reader.ts";
import { readFolder } from "./read-files.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const FIXTURES = join(import.meta.dirname, "fixtures");

/** What a module that runs exports, component by component. */
async function running(path: string): Promise<Readonly<Record<string, ComponentShape>>> {
  const exported = Object.values((await import(path)) as object).flatMap((value: unknown) => value);
  const components = exported.filter((value): value is Component => Object(value).handlers !== undefined);
  return Object.fromEntries(components.map((component) => [component.name, shapeOf(component)]));
}

function read(folder: string): WorkspaceModel {
  const model = readSources(readFolder(folder));
  assert.deepEqual(model.unparsed, []);
  for (const { unreadable } of [...model.components, ...model.eventSourced, ...model.messages]) {
    assert.deepEqual(unreadable, []);
  }
  return model;
}

const shapesOf = ({ components }: WorkspaceModel) =>
  Object.fromEntries(components.map(({ name, shape }) => [name, shape]));

const CASES = [
  ["the samples", join(ROOT, "samples/purchase-order/src"), "system.ts"],
  ["renamed and handed on", join(FIXTURES, "renamed"), "components.ts"],
  ["made by functions", join(FIXTURES, "functions"), "components.ts"],
  ["in JavaScript", join(FIXTURES, "javascript"), "components.js"],
] as const;

for (const [what, folder, entry] of CASES) {
  test(`shapes – ${what}: read from sources they equal those of the running declarations`, async () => {
    assert.deepEqual(shapesOf(read(folder)), await running(join(folder, entry)));
  });
}

const MONOREPO = {
  "packages/contracts/package.json": `{ "name": "@acme/contracts", "exports": { ".": "./dist/index.js", "./billing": { "import": "./dist/billing.js" } } }`,
  "packages/contracts/src/index.ts": `import { event } from "@sluice/transport";
    export * from "./billing.js";
    export default event("contracts.Begun")<{ id: string }>();`,
  "packages/contracts/src/billing.ts": `import { command } from "@sluice/transport";
    export const Charge = command("billing.Charge", { to: "billing" })<{ id: string }>();`,
  "packages/orders/package.json": `{ "name": "@acme/orders", "imports": { "#own/*": "./src/*.ts" } }`,
  "packages/orders/src/name.ts": `export const NAME = "orders";`,
  "packages/orders/src/component.ts": `import Begun, { Charge } from "@acme/contracts";
    import { Charge as Same } from "@acme/contracts/billing";
    import { component } from "@sluice/transport";
    import { NAME } from "#own/name";
    export const orders = component(NAME, (c) => {
      c.receptor(Begun, ({ id }) => [Charge({ id }), Same({ id })]);
    });`,
};

test("shapes – of several packages that import each other by name", () => {
  const model = readSources(
    Object.entries(MONOREPO).map(([path, text]) => ({ uri: `vscode-vfs://github/acme/shop/${path}`, text })),
  );
  assert.deepEqual(shapesOf(model), {
    orders: {
      name: "orders",
      commands: [],
      replies: [],
      events: { "contracts.Begun": "now" },
      categories: {},
      messageTimeout: 30_000,
    },
  });
  assert.deepEqual(
    model.sends.map(({ message, how, component, handler }) => [message.type, how, component?.name, handler?.kind]),
    [
      ["billing.Charge", "made", "orders", "receptor"],
      ["billing.Charge", "made", "orders", "receptor"],
    ],
  );
});

test("shapes – of modules that a tsconfig.json maps", () => {
  const files = {
    "shop/tsconfig.json": `{
      // As editors write it.
      "compilerOptions": { "baseUrl": "./src", "paths": { "@/*": ["*"], "contracts": ["./messages/index"], }, },
    }`,
    "shop/src/messages/index.ts": `import { event } from "@sluice/transport"; export const Begun = event("shop.Begun")<object>();`,
    "shop/src/names.ts": `export const NAME = "shop";`,
    "shop/src/component.ts": `import { component } from "@sluice/transport";
      import { Begun } from "contracts";
      import { Begun as Same } from "@/messages";
      import { NAME } from "names";
      component(NAME, (c) => { c.handle(Begun, () => {}); c.handle(Same, () => {}); });`,
  };
  const { components } = readSources(Object.entries(files).map(([path, text]) => ({ uri: `file:///${path}`, text })));
  assert.deepEqual(components[0]?.unreadable, []);
  assert.deepEqual(components[0]?.shape?.events, { "shop.Begun": "now" });
  assert.equal(components[0]?.name, "shop");
});
