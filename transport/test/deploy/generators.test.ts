import assert from "node:assert/strict";
import { test } from "node:test";
import { BACKWARDS, END, jsonEvent } from "@eventstore/db-client";
import { type Component, component, deploy, event, type EventDefinition, plan } from "../../src/index.ts";
import { type Deployed, GENERATOR } from "../../src/deploy/deployed.ts";
import { withHeader } from "../../src/topology/generated.ts";
import { deploymentStream, filterName, routerName, subscriptionsStream } from "../../src/topology/stream-names.ts";
import { type Bench, bench, read, until } from "../endpoint/harness.ts";

const NEWER = GENERATOR + 1;
const COMPLETED = "sluice.DeploymentCompleted";

/** A type that others extend, one that does, and the component that gets both by the first. */
function messagesOf({ name }: Bench) {
  const Placed = event(`${name("sales")}.Placed`, { isBase: true })<{ n: number }>();
  const Urgent = event(`${name("sales")}.Urgent`, { extends: [Placed] })<{ n: number }>();
  const Paid = event(`${name("sales")}.Paid`)<{ n: number }>();
  return { Placed, Urgent, Paid };
}

const readerOf = (b: Bench, got: number[], ...on: readonly EventDefinition<{ n: number }>[]): Component =>
  component(b.name("reader"), (c) => {
    for (const definition of on) c.handle(definition, ({ n }) => void got.push(n));
  });

/** The text that a projection has. */
async function textOf({ client }: Bench, projection: string): Promise<string> {
  const [last] = await read(client, `$projections-${projection}`, {
    direction: BACKWARDS,
    fromRevision: END,
    maxCount: 1,
  });
  return (last!.event!.data as { query: string }).query;
}

/** What the journal of the reader says is deployed. */
async function deployedOf(b: Bench): Promise<Deployed> {
  const stream = deploymentStream(b.name("reader"));
  const [last] = await read(b.client, stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
  assert.equal(last?.event?.type, COMPLETED);
  return (last.event.data as unknown as { deployed: Deployed }).deployed;
}

/** Leaves the server as if a version with this generator had deployed the reader, with these texts. */
async function deployedBy(b: Bench, generator: number, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [projection, text] of Object.entries(texts)) {
    await b.client.updateProjection(projection, text, { emitEnabled: true });
  }
  const data = { deployment: crypto.randomUUID(), deployed: { ...(await deployedOf(b)), generator }, steps: [] };
  await b.client.appendToStream(deploymentStream(b.name("reader")), jsonEvent({ type: COMPLETED, data }));
}

/** The filter of the reader as the first generator made it. */
function firstFilter(b: Bench, pattern: string, since: number): string {
  const reader = b.name("reader");
  const script = `const wanted = [
  ["${pattern}", ${since}],
];
const matches = (pattern, type, bases) => {
  if (!pattern.endsWith("*")) return pattern === type;
  const stem = pattern.slice(0, -1);
  return stem.endsWith(".") ? type.startsWith(stem) : stem === type || bases.includes(stem);
};
fromCategory("out").when({
  $any(state, e) {
    if (e.eventType === null || e.eventType[0] === "$" || e.sequenceNumber < 0) return;
    let bases = [];
    try { bases = (e.metadata && e.metadata["sluice.baseTypes"] || "").split(","); } catch (unreadable) {}
    const at = e.linkMetadata.$c;
    for (const [pattern, from, until] of wanted) {
      if (at < from || at >= until || !matches(pattern, e.eventType, bases)) continue;
      linkTo("${subscriptionsStream(reader, 1)}", e);
      return;
    }
  }
});`;
  const purpose = `Links the published events that ${reader} subscribes to into its queue; the numbers are log positions.`;
  return withHeader("filter", reader, purpose, script);
}

/** The same text as another version might have it. */
const changed = (kind: "filter" | "router", owner: string, text: string): string => {
  const [, purpose = "", , ...script] = text.trimEnd().split("\n");
  return withHeader(kind, owner, purpose.replace(/^\/\/ /, ""), ["// another version", ...script].join("\n"));
};

/** Publishes `count` events of both types in turn, beginning with number `first`, and more of them while `work` is done. */
async function duringTraffic(b: Bench, first: number, work: () => Promise<unknown>): Promise<number> {
  const { Placed, Urgent } = messagesOf(b);
  let sent = first;
  let isDone = false;
  const flow = (async () => {
    while (!isDone || sent < first + 100) {
      const batch = Array.from({ length: 10 }, (_, n) => sent + n);
      await Promise.all(batch.map((n) => b.sender.publish(n % 2 === 0 ? Placed : Urgent, { n })));
      sent += batch.length;
    }
  })();
  await until("it flows", () => sent > first + 20);
  await work().finally(() => (isDone = true));
  await flow;
  return sent;
}

test("deploy – 59. texts of an older generator are brought up to date under traffic: nothing is lost, nothing comes twice", async () => {
  await using b = await bench();
  const { Placed } = messagesOf(b);
  const filter = filterName(b.name("reader"), 1);
  const got: number[] = [];
  const old = await b.start(readerOf(b, got, Placed));
  const generated = await textOf(b, filter);
  const [pattern, { since }] = Object.entries((await deployedOf(b)).filter!.subscriptions)[0]!;
  const first = firstFilter(b, pattern, since);
  await deployedBy(b, GENERATOR - 1, { [filter]: first });
  const component = readerOf(b, got, Placed);
  const [planned] = await plan([component], { connectionString: b.connectionString });
  assert.ok(
    planned?.steps.some(({ name, action }) => name === filter && action === "update"),
    "the plan says so",
  );
  let sent = await duringTraffic(b, 0, async () => assert.equal(await textOf(b, filter), first));
  sent = await duringTraffic(b, sent, () => b.start(component));
  await old.stop();
  await until("all are handled", () => got.length >= sent);
  assert.deepEqual(
    got.toSorted((x, y) => x - y),
    Array.from({ length: sent }, (_, n) => n),
    "each once",
  );
  assert.equal(await textOf(b, filter), generated);
  assert.equal((await deployedOf(b)).generator, GENERATOR);
});

test("deploy – 59. texts of a newer generator are left alone; one that a new subscription has to change is brought up to date by the newer version again", async () => {
  await using b = await bench();
  const { Placed, Paid } = messagesOf(b);
  const reader = b.name("reader");
  const [filter, router] = [filterName(reader, 1), routerName(reader, 1)];
  const got: number[] = [];
  const instances = [await b.start(readerOf(b, got, Placed))];
  const newer = {
    [filter]: changed("filter", reader, await textOf(b, filter)),
    [router]: changed("router", reader, await textOf(b, router)),
  };
  await deployedBy(b, NEWER, newer);
  const sent = await duringTraffic(b, 0, async () => instances.push(await b.start(readerOf(b, got, Placed))));
  await until("all are handled", () => got.length >= sent);
  // They have no handler for what is published later.
  for (const instance of instances) await instance.stop();
  // Something else is to be changed, so that the texts are not only passed over.
  await deploy([component(reader, { messageTimeout: 40_000 }, (c) => c.handle(Placed, () => {}))], {
    connectionString: b.connectionString,
  });
  assert.deepEqual({ [filter]: await textOf(b, filter), [router]: await textOf(b, router) }, newer);
  assert.equal((await deployedOf(b)).generator, NEWER);

  await b.start(readerOf(b, got, Placed, Paid));
  assert.notEqual(await textOf(b, filter), newer[filter]);
  assert.equal(await textOf(b, router), newer[router], "what needs no change is left alone");
  assert.equal((await deployedOf(b)).generator, GENERATOR, "the newer version will find something to do");
  await b.sender.publish(Paid, { n: sent });
  await until("all are handled", () => got.length >= sent + 1);
  assert.deepEqual(
    got.toSorted((x, y) => x - y),
    Array.from({ length: sent + 1 }, (_, n) => n),
    "each once",
  );
});
