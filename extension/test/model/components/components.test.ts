import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { aggregate, command, component, deploy, event, shapeOf } from "@sluice/transport";
import type { ComponentRow } from "../../../src/components/component-row.ts";
import { ComponentsModel } from "../../../src/components/components-model.ts";
import { type DeclaredComponent, declaredComponents } from "../../../src/components/declared-components.ts";
import { planTexts } from "../../../src/components/plan-texts.ts";
import { deployedOn } from "../../../src/preview/model/deployed-on.ts";
import { WriteRefusedError } from "../../../src/connections/connection-errors.ts";
import { AccessDeniedError } from "../../../src/event-store/errors.ts";
import { NotDeployedError, ProjectionsNotRunningError } from "../../../src/server/server-errors.ts";
import type { WorkspaceModel } from "../../../src/workspace-model/declarations.ts";
import { SourceReader } from "../../../src/workspace-model/source-reader.ts";
import { emitter } from "../connections/fake-vscode.ts";
import { createUser } from "../../../../transport/test/endpoint/create-user.ts";
import { lookUntil, openedRegistry } from "../server/opened-registry.ts";

const OrderPlaced = event("sales.OrderPlaced")<{ id: string }>();
const Charge = command("billing.Charge", { to: "billing" })<{ id: string }>();
const Charged = event("billing.Charged")<{ id: string }>();
const charge = aggregate("charge", {}, { events: [Charged] }, (a) => {
  a.decide(
    Charge,
    (m) => m.id,
    (_, m) => [Charged(m)],
  );
  a.evolve(Charged, (state) => state);
});
const billing = component("billing", (c) => {
  c.aggregate(charge);
  c.handle(OrderPlaced, () => {});
});
const sales = component("sales", (c) => {
  c.handle(Charged, () => {});
});

const declaredAs = (...of: readonly Parameters<typeof shapeOf>[0][]): DeclaredComponent[] =>
  of.map((one) => ({ name: one.name, shape: shapeOf(one), place: {} as DeclaredComponent["place"] }));

/** A server in memory, and the Components view of it. */
async function shown(
  t: TestContext,
  declared: readonly DeclaredComponent[],
  options: { readonly policy?: "read-only" } = {},
) {
  const embedded = await startEmbedded({ memory: true, port: 0 });
  t.after(() => embedded.stop());
  const client = EventStoreDBClient.connectionString(embedded.connectionString);
  t.after(() => client.dispose());
  const { connectionString } = embedded;
  const names = (): readonly string[] => declared.map(({ name }) => name);
  const opened = await openedRegistry(t, { connectionString, names, ...options });
  const { registry, server } = opened;
  const model = new ComponentsModel({
    connections: registry,
    server,
    declared: { current: declared, read: async () => {} },
  });
  const row = async (label: string, parent?: ComponentRow): Promise<ComponentRow> => {
    const rows = await model.children(parent);
    return (
      rows.find((one) => one.label === label) ?? assert.fail(`${label} is not among ${rows.map((one) => one.label)}`)
    );
  };
  const state = (name: string) => model.find({ connectionId: "a", component: name })?.state;
  const listener = { on: () => {}, signal: new AbortController().signal };
  return { ...opened, embedded, client, connectionString, model, row, state, listener };
}

suite("components", () => {
  test("what is declared is missing, then deployed from here, and shown with all that belongs to it", async (t) => {
    const { registry, server, model, row, state, listener, asked } = await shown(t, declaredAs(billing, sales));
    const missing = await row("billing");
    assert.equal(state("billing"), "missing");
    assert.match(missing.contextValue, /;component;absent;declared;planned;deployable;/);
    assert.equal((await row("Plan", missing)).description, "4 changes");

    const question = { button: "Deploy", lines: [] };
    const writer = await registry.openServerForWriting("a", { what: "Deploy billing", question });
    assert.deepEqual(
      asked.map(({ what }) => what),
      ["Deploy billing"],
    );
    const report = await writer.deploy(shapeOf(billing), listener);
    assert.deepEqual(report.problems, []);
    await lookUntil(server, () => state("billing") === "deployed");
    assert.equal(state("sales"), "missing");
    const there = await row("billing");
    assert.equal(there.description, "deployed");
    const labels = (await model.children(there)).map(({ label, description }) => [label, description]);
    assert.deepEqual(labels, [
      ["Queue", "empty · nobody receives"],
      ["Failed messages", "none"],
      ["Router", "running"],
      ["Router of charge", "running"],
      ["Filter", "running"],
      ["Subscriptions", "1"],
      ["Deployments", undefined],
    ]);
    const [subscription] = await model.children(await row("Subscriptions", there));
    assert.equal(subscription?.label, "sales.OrderPlaced");
    assert.match(subscription.description ?? "", /^since position \d+$/);
    const [deployment] = await model.children(await row("Deployments", there));
    assert.equal(deployment?.label, "deployed");
    assert.ok(deployment.tooltip?.includes("created sluice.filter.billing"));
  });

  test("a component that the workspace does not declare is only on the server", async (t) => {
    const { connectionString, server, state } = await shown(t, declaredAs(sales));
    await deploy([billing, sales], { connectionString });
    await server.look();
    assert.equal(state("billing"), "only-on-server");
    assert.equal(state("sales"), "deployed");
  });

  test("what the sources do not say is told with its reason and what helps, and what cannot be parsed stays as it was", async (t) => {
    const uri = "file:///shop/sales.ts";
    const source = (name: string): string =>
      `import { component, event } from "@sluice/transport";
const OrderPlaced = event(${name})<{ id: string }>();
export const sales = component("sales", (c) => { c.handle(OrderPlaced, async () => {}); });`;
    const reader = new SourceReader();
    const read = (text: string) => reader.read([{ uri, text }]);
    let last = read(source("process.env.TYPE"));
    const declared = declaredComponents({
      get last() {
        return last;
      },
      read: async () => last,
      onDidChange: emitter<WorkspaceModel>().event,
    });
    const { connectionString, server, registry } = await shown(t, []);
    await deploy([sales], { connectionString });
    const model = new ComponentsModel({ connections: registry, server, declared });
    await server.look();
    const [unreadable] = await model.children();
    assert.equal(unreadable?.description, "declaration not readable");
    assert.ok(
      unreadable.tooltip?.some((line) => line.startsWith("sales.ts: Nothing in the sources declares process:")),
      unreadable.tooltip?.join(),
    );
    assert.ok(unreadable.tooltip?.some((line) => line.includes("deploy()")));
    last = read(source('"sales.OrderPlaced"'));
    assert.equal((await model.children())[0]?.description, "drifted");
    last = read(`${source('"sales.OrderPlaced"')} export const = ;`);
    const [stale] = await model.children();
    assert.equal(stale?.description, "drifted");
    assert.ok(stale.tooltip?.includes("Its source has errors: this is as it was before them. Mend them to go on."));
  });

  test("what waits is counted, and since when", async (t) => {
    const { connectionString, client, server, model, row } = await shown(t, []);
    await deploy([billing], { connectionString });
    await client.appendToStream("in.billing-shop", [
      jsonEvent({ type: "billing.Charge", data: { id: "1" } }),
      jsonEvent({ type: "billing.Charge", data: { id: "2" } }),
    ]);
    await lookUntil(server, () =>
      model.statuses.some(({ observed }) => observed?.group?.lastKnown === 1n && observed.oldestWaiting !== undefined),
    );
    const queue = await row("Queue", await row("billing"));
    assert.match(queue.description ?? "", /^2 waiting · since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d · nobody receives$/);
    assert.equal((await row("billing")).description, "deployed · 2 waiting");
  });

  test("a filter that has faulted says why, and is repaired", async (t) => {
    const { connectionString, client, registry, server, row, state, listener } = await shown(t, declaredAs(billing));
    await deploy([billing], { connectionString });
    // Somebody writes where the filter alone writes: at its next link it faults.
    await client.appendToStream("in.billing-subscriptions", jsonEvent({ type: "Foreign", data: {} }));
    await client.appendToStream("out-sales.direct", jsonEvent({ type: "sales.OrderPlaced", data: { id: "1" } }));
    await lookUntil(server, () => state("billing") === "faulted");
    const faulted = await row("billing");
    assert.match(faulted.contextValue, /;repairable;/);
    const filter = await row("Filter", faulted);
    assert.match(filter.description ?? "", /^faulted · .+/);
    assert.ok(filter.tooltip?.some((line) => line.includes("Repair")));
    const writer = await registry.openServerForWriting("a", { what: "Repair billing" });
    await writer.repair("billing", listener);
    await lookUntil(server, () => state("billing") === "deployed");
    assert.ok((await row("Filter", await row("billing"))).tooltip?.includes("sluice.filter.billing.2"));
  });

  test("edited by hand it has drifted; stopped by somebody it stands still", async (t) => {
    const { connectionString, client, server, row, state } = await shown(t, declaredAs(billing));
    await deploy([billing], { connectionString });
    await client.updateProjection("sluice.router.billing", 'fromStream("intermediate.billing").when({ $any() {} });', {
      emitEnabled: true,
    });
    await lookUntil(server, () => state("billing") === "drifted");
    const router = await row("Router", await row("billing"));
    assert.match(router.description ?? "", /edited by hand/);
    await client.disableProjection("sluice.filter.billing");
    await lookUntil(server, () => state("billing") === "standing-still");
    assert.match((await row("Filter", await row("billing"))).description ?? "", /^stopped/);
  });

  test("previews are compared anew where a text has changed, by a deployment or by hand, and at no other time", async (t) => {
    const { connectionString, client, server } = await shown(t, declaredAs(billing));
    const what = (): string | undefined => deployedOn(server.view)?.what;
    const changed = async (): Promise<void> => {
      const before = what();
      await lookUntil(server, () => what() !== before);
    };
    assert.equal(what(), undefined);
    await deploy([billing], { connectionString });
    await changed();
    await client.appendToStream("in.billing-others", jsonEvent({ type: "billing.Charge", data: { id: "1" } }));
    const before = what();
    await lookUntil(
      server,
      () => server.view.kind === "seen" && server.view.observed.components[0]?.oldestWaiting !== undefined,
    );
    assert.equal(what(), before, "something waits");
    const more = component("billing", (c) => {
      c.aggregate(charge);
      c.handle(OrderPlaced, () => {});
      c.handle(Charged, () => {});
    });
    await deploy([more], { connectionString });
    await changed();
    await client.updateProjection("sluice.router.billing", 'fromStream("intermediate.billing").when({ $any() {} });', {
      emitEnabled: true,
    });
    await changed();
  });

  test("the plan is a comparison of what is deployed with what is declared", async (t) => {
    const more = component("sales", { messageTimeout: 60_000 }, (c) => {
      c.handle(OrderPlaced, () => {}, { from: "start" });
    });
    const { connectionString, server, model, state } = await shown(t, declaredAs(more));
    await deploy([sales], { connectionString });
    await server.look();
    assert.equal(state("sales"), "drifted");
    const texts = planTexts(model.find({ connectionId: "a", component: "sales" })!);
    assert.match(texts!.deployed, /messageTimeout: 30000\n[^]* {2}billing\.Charged: now\n/);
    assert.match(texts!.declared, /messageTimeout: 60000\n[^]* {2}sales\.OrderPlaced: start\n/);
    assert.match(
      texts!.declared,
      /# - update projection sluice\.filter\.sales: subscribe to sales\.OrderPlaced from the start/,
    );
    assert.match(
      texts!.declared,
      /# - update projection sluice\.filter\.sales: no longer subscribe to billing\.Charged/,
    );
  });

  test("retired it is gone, and missing where it is declared; its history says so", async (t) => {
    const { connectionString, registry, server, model, row, state, listener } = await shown(t, declaredAs(sales));
    await deploy([sales, billing], { connectionString });
    const writer = await registry.openServerForWriting("a", { what: "Retire" });
    await writer.retire("sales", listener);
    await writer.retire("billing", listener);
    await server.look();
    assert.equal(state("sales"), "missing");
    assert.equal(state("billing"), undefined);
    const [last] = await model.children(await row("Deployments", await row("sales")));
    assert.equal(last?.label, "retired");
    await assert.rejects(writer.repair("nobody", listener), NotDeployedError);
  });

  test("a deployment that is stopped on its way is gone on with by the next", async (t) => {
    const { registry, server, state, listener } = await shown(t, declaredAs(billing));
    const writer = await registry.openServerForWriting("a", { what: "Deploy" });
    const stop = new AbortController();
    const reason = new Error("stopped by the user");
    await assert.rejects(
      writer.deploy(shapeOf(billing), { signal: stop.signal, on: () => stop.abort(reason) }),
      (error) => error === reason,
    );
    await server.look();
    assert.notEqual(state("billing"), "deployed");
    await writer.deploy(shapeOf(billing), listener);
    await server.look();
    assert.equal(state("billing"), "deployed");
  });

  test("a read-only connection changes nothing", async (t) => {
    const { registry, row, asked } = await shown(t, declaredAs(billing), { policy: "read-only" });
    await assert.rejects(registry.openServerForWriting("a", { what: "Deploy billing" }), WriteRefusedError);
    assert.deepEqual(asked, []);
    assert.equal((await row("billing")).description, "not deployed");
  });

  test("a server without components says so, and one on which no message travels refuses", async (t) => {
    const { client, registry, model, listener } = await shown(t, []);
    assert.deepEqual(
      (await model.children()).map(({ label }) => label),
      ["There are no components yet", "New Handler…"],
    );
    await client.disableProjection("$by_category");
    const writer = await registry.openServerForWriting("a", { what: "Deploy" });
    await assert.rejects(writer.deploy(shapeOf(sales), listener), ProjectionsNotRunningError);
  });

  test("while the server is away what was seen stays, with the reason and what leads to the remedy", async (t) => {
    const { connectionString, embedded, server, model } = await shown(t, []);
    await deploy([sales], { connectionString });
    await server.look();
    await embedded.stop();
    await server.look();
    const rows = await model.children();
    assert.match(rows[0]?.label ?? "", /No server answers|connection/);
    assert.equal(rows[0]?.icon, "error");
  });

  test("a login without rights sees what is recorded, and is told what it does not see", async (t) => {
    const embedded = await startEmbedded({ memory: true, port: 0, tls: true });
    t.after(() => embedded.stop());
    const admin = embedded.connectionString.replace("esdb://", "esdb://admin:changeit@");
    await deploy([sales], { connectionString: admin });
    await createUser(admin, "worker");
    const { registry, server } = await openedRegistry(t, {
      connectionString: embedded.connectionString,
      login: { login: "worker", password: "changeit" },
      names: () => ["sales"],
    });
    const declared = { current: declaredAs(sales), read: async () => {} };
    const model = new ComponentsModel({ connections: registry, server, declared });
    const rows = await model.children();
    assert.deepEqual(
      rows.map(({ label, description }) => [label, description]),
      [
        ["sales", "deployed"],
        ["Failed messages and edits by hand are not known: it takes a login that is a member of $admins.", undefined],
      ],
    );
    const children = await model.children(rows[0]);
    assert.deepEqual(
      children.slice(0, 3).map(({ label, description }) => [label, description]),
      [
        ["Queue", "empty · nobody receives"],
        ["Failed messages", "none"],
        ["Router", "running"],
      ],
    );
    const writer = await registry.openServerForWriting("a", { what: "Deploy" });
    await assert.rejects(
      writer.deploy(shapeOf(billing), { on: () => {}, signal: new AbortController().signal }),
      (error) => error instanceof AccessDeniedError && error.message.includes("worker"),
    );
  });
});
