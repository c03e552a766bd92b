import assert from "node:assert/strict";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { aggregate, type Component, component, deploy, event, retire, startSender } from "@sluice/transport";
import { readFilter } from "@sluice/transport/topology";
import type { EventStore } from "../../../src/event-store/event-store.ts";
import { EMPTY_SERVER, readDeployed } from "../../../src/preview/model/deployed-projections.ts";
import { categoriesOf, previewsOf, type ProjectionPreview } from "../../../src/preview/model/projection-preview.ts";
import type { ComponentDeclaration } from "../../../src/workspace-model/declarations.ts";
import { readSources } from "../../../src/workspace-model/source-reader.ts";
import { openedStore } from "../event-store/opened-store.ts";
import { readFolder } from "../workspace-model/read-files.ts";

const SAMPLES = join(import.meta.dirname, "../../../../samples/purchase-order/src");
const IMPORTS = `import { aggregate, component, event } from "@sluice/transport";
  const Placed = event("sales.Placed")<{ id: string }>();
  const Paid = event("sales.Paid", { isBase: true })<{ id: string }>();\n`;
const Placed = event("sales.Placed")<{ id: string }>();
const Paid = event("sales.Paid", { isBase: true })<{ id: string }>();

const declared = (source: string): ComponentDeclaration =>
  readSources([{ uri: "file:///shop/mailer.ts", text: IMPORTS + source }]).components[0]!;

async function previewed(store: EventStore, component: ComponentDeclaration): Promise<readonly ProjectionPreview[]> {
  const { name } = component;
  assert.ok(name);
  return previewsOf(component, await readDeployed(store, name, [name, ...categoriesOf(component)]));
}

const textsOf = (previews: readonly ProjectionPreview[]) =>
  Object.fromEntries(previews.map(({ name, text }) => [name, text]));

/** All that Sluice has deployed on a server, as the server keeps it. */
async function deployedTexts(store: EventStore): Promise<Readonly<Record<string, string>>> {
  const { entries } = await store.read(
    { all: true, filter: { on: "stream", prefixes: ["$projections-sluice."] } },
    { from: "start", direction: "forwards", limit: 1000, followsLinks: false },
  );
  const last = new Map(
    entries.flatMap(({ recorded }) => {
      const { query } = JSON.parse(new TextDecoder().decode(recorded.data)) as { readonly query?: string };
      return query === undefined ? [] : [[recorded.stream.slice("$projections-".length), query] as const];
    }),
  );
  return Object.fromEntries(last);
}

const opened = async (t: TestContext) => {
  const { server, store } = await openedStore(t);
  return { connectionString: server.connectionString, store };
};

test("previews – of the samples' sources are byte for byte what deploying them made", async (t) => {
  const { connectionString, store } = await opened(t);
  const { system } = (await import(join(SAMPLES, "system.ts"))) as { readonly system: readonly Component[] };
  await deploy(system, { connectionString });
  const previews: ProjectionPreview[] = [];
  for (const one of readSources(readFolder(SAMPLES)).components) previews.push(...(await previewed(store, one)));
  assert.deepEqual(textsOf(previews), await deployedTexts(store));
  assert.equal(previews.length, 17);
  assert.ok(previews.every(({ text, deployed }) => deployed?.text === text));
});

test("previews – without a server are what the first deployment makes, but for where subscriptions begin", async (t) => {
  const { connectionString, store } = await opened(t);
  const source = `const order = aggregate("order", {}, (a) => {});
    component("mailer", (c) => { c.aggregate(order); c.handle(Placed, () => {}, { from: "start" }); c.handle(Paid, () => {}); });`;
  const order = aggregate("order", {}, () => {});
  const mailer = component("mailer", (c) => {
    c.aggregate(order);
    c.handle(Placed, () => {}, { from: "start" });
    c.handle(Paid, () => {});
  });
  const before = previewsOf(declared(source), EMPTY_SERVER);
  await deploy([mailer], { connectionString });
  const texts = await deployedTexts(store);
  const { "sluice.filter.mailer": filter = "", ...routers } = texts;
  assert.deepEqual(textsOf(before.filter(({ kind }) => kind !== "filter")), routers);
  const previewedFilter = before.find(({ kind }) => kind === "filter")?.text ?? "";
  assert.deepEqual([...readFilter(previewedFilter).keys()], [...readFilter(filter).keys()]);
  assert.equal(readFilter(previewedFilter).get("sales.Placed"), 0);
});

test("previews – of what subscribes to more, and to history, are what deploying it makes", async (t) => {
  const { connectionString, store } = await opened(t);
  const first = component("mailer", (c) => c.handle(Placed, () => {}));
  const more = component("mailer", (c) => {
    c.handle(Placed, () => {});
    c.handle(Paid, () => {}, { from: "start" });
  });
  await deploy([first], { connectionString });
  const source = `component("mailer", (c) => { c.handle(Placed, () => {}); c.handle(Paid, () => {}, { from: "start" }); });`;
  const before = await previewed(store, declared(source));
  assert.deepEqual(
    before.map(({ kind, name, deployed }) => [kind, name, deployed !== undefined]),
    [
      ["router", "sluice.router.mailer", true],
      ["filter", "sluice.filter.mailer", true],
      ["backfill", "sluice.backfill.mailer.1", false],
    ],
  );
  await deploy([more], { connectionString });
  const texts = await deployedTexts(store);
  // The log goes on while it is deployed: only where the new one begins can differ.
  const begin = String(readFilter(texts["sluice.filter.mailer"]!).get("sales.Paid*"));
  const guessed = String(readFilter(before[1]!.text!).get("sales.Paid*"));
  const withoutHash = (text = "") => text.replace(/ [0-9a-f]{16}\n/, "\n");
  for (const { name, text } of before) {
    assert.equal(withoutHash(text?.replaceAll(guessed, begin)), withoutHash(texts[name]));
  }
  assert.deepEqual(textsOf(await previewed(store, declared(source))), texts);
});

test("previews – of a second generation, and of an aggregate over streams that were there before", async (t) => {
  const { connectionString, store } = await opened(t);
  const sender = await startSender("shop", { connectionString });
  await sender.publish(Placed, { id: "1" });
  await sender.stop();
  await store.append("legacy-1", "any", [
    {
      id: crypto.randomUUID(),
      type: "Old",
      isJson: true,
      data: new TextEncoder().encode("{}"),
      metadata: new Uint8Array(),
    },
  ]);
  const legacy = aggregate("legacy", {}, () => {});
  const mailer = component("mailer", (c) => {
    c.aggregate(legacy);
    c.handle(Placed, () => {});
  });
  const source = `const legacy = aggregate("legacy", {}, (a) => {});
    component("mailer", (c) => { c.aggregate(legacy); c.handle(Placed, () => {}); });`;
  const before = (await previewed(store, declared(source))).find(({ owner }) => owner === "legacy");
  assert.match(before?.text ?? "", /if \(e\.linkMetadata\.\$c < \d+\) return;/);
  await deploy([mailer], { connectionString });
  assert.deepEqual(textsOf(await previewed(store, declared(source))), await deployedTexts(store));
  await retire("mailer", { connectionString });
  await deploy([mailer], { connectionString });
  const again = await previewed(store, declared(source));
  assert.ok(again.every(({ name }) => name.endsWith(".2")));
  assert.ok(again.every(({ text, deployed }) => text === deployed?.text));
});

test("previews – of what cannot be read: the router, and why there is no filter", () => {
  const previews = previewsOf(
    declared(`component("mailer", (c) => { c.handle(Placed, () => {}); c.handle(Unknown, () => {}); });`),
    EMPTY_SERVER,
  );
  assert.deepEqual(
    previews.map(({ kind, text, unreadable }) => [kind, text !== undefined, unreadable.map(({ reason }) => reason)]),
    [
      ["router", true, []],
      ["filter", false, [{ kind: "unknown-name", name: "Unknown" }]],
    ],
  );
});
