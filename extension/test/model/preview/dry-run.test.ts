import assert from "node:assert/strict";
import { test } from "node:test";
import { command, component, deploy, event, startEndpoint } from "@sluice/transport";
import { generateFilter, generateRouter } from "@sluice/transport/topology";
import type { EventStore } from "../../../src/event-store/event-store.ts";
import { dryRun, type DryRun, type DryRunOptions } from "../../../src/preview/dry-run/dry-run.ts";
import { ScriptRunner } from "../../../src/preview/dry-run/script-runner.ts";
import { noted, openedStore } from "../event-store/opened-store.ts";

const Place = command("sales.Place", { to: "sales" })<{ id: string }>();
const Placed = event("sales.Placed")<{ id: string }>();
const Charge = command("billing.Charge", { to: "billing" })<{ id: string }>();

/** Runs in this thread, as the one of its own does. */
async function run(
  store: EventStore,
  options: Pick<DryRunOptions, "script" | "kind"> & Partial<DryRunOptions>,
): Promise<DryRun> {
  const runner = new ScriptRunner();
  try {
    return await dryRun(
      store,
      { ask: (request) => runner.answer(request) },
      { limit: 500, signal: new AbortController().signal, onProgress: () => {}, ...options },
    );
  } finally {
    runner.dispose();
  }
}

const outcomes = ({ lines }: DryRun) =>
  lines.map(({ type, outcome }) => [
    type,
    outcome.kind === "linked" ? outcome.to.join() : outcome.kind === "passed-over" ? outcome.why : outcome,
  ]);

/** What stands in a stream, as links that say what they lead to. */
async function linksIn(store: EventStore, stream: string): Promise<readonly string[]> {
  const { entries } = await store.read(
    { stream },
    { from: "start", direction: "forwards", limit: 1000, followsLinks: false },
  );
  return entries.map(({ recorded }) => new TextDecoder().decode(recorded.data));
}

test("dry run – of a router and a filter says what these have really linked", async (t) => {
  const { server, store } = await openedStore(t);
  const { connectionString } = server;
  let handled = 0;
  const done = Promise.withResolvers<void>();
  const sales = component("sales", (c) => {
    c.handle(Place, async ({ id }, ctx) => {
      await ctx.publish(Placed, { id });
      await ctx.send(Charge, { id });
      await ctx.send(Charge, { id }, { delayFor: 3_600_000 });
    });
  });
  const mailer = component("mailer", (c) => {
    c.handle(Placed, () => {
      handled += 1;
      if (handled === 3) done.resolve();
    });
  });
  const endpoint = await startEndpoint([sales, mailer], { connectionString });
  for (const id of ["1", "2", "3"]) await endpoint.send(Place, { id });
  await done.promise;
  await endpoint.stop();

  const router = await run(store, { kind: "router", script: generateRouter("sales").text });
  assert.equal(router.source, "intermediate.sales");
  for (const target of new Set(router.lines.flatMap(({ outcome }) => (outcome.kind === "linked" ? outcome.to : [])))) {
    assert.deepEqual(
      router.lines.flatMap(({ revision, outcome }) =>
        outcome.kind === "linked" && outcome.to.includes(target) ? [`${revision}@intermediate.sales`] : [],
      ),
      await linksIn(store, target),
      target,
    );
  }
  const targets = outcomes(router).map(([, to]) => String(to).replace(/-\d{12}/, "-minute"));
  assert.deepEqual(targets.slice(-3), ["out-sales", "in.billing-sales.routed", "later.billing-minute.sales.routed"]);

  const filter = await run(store, {
    kind: "filter",
    script: generateFilter("mailer", new Map([["sales.Placed", 0]])).text,
  });
  assert.equal(filter.source, "$ce-out");
  assert.deepEqual(
    outcomes(filter),
    Array.from({ length: 3 }, () => ["sales.Placed", "in.mailer-subscriptions"]),
  );
});

test("dry run – says why events are passed over, and looks at the last ones only", async (t) => {
  const { server, store } = await openedStore(t);
  const sales = component("sales", (c) => c.handle(Placed, () => {}));
  await deploy([sales], { connectionString: server.connectionString });
  await store.append("intermediate.sales", "any", [
    noted("{}"),
    noted("{}", { type: "$own" }),
    noted("{}", { type: "Later" }),
  ]);
  const since = await run(store, { kind: "router", script: generateRouter("sales", { since: 2 }).text });
  assert.deepEqual(outcomes(since), [
    ["Noted", "before"],
    ["$own", "system"],
    ["Later", "out-sales"],
  ]);
  const last = await run(store, { kind: "router", script: generateRouter("sales").text, limit: 1 });
  assert.deepEqual(outcomes(last), [["Later", "out-sales"]]);
  // What is published reaches `$ce-out` in its time.
  let filter: DryRun;
  do {
    filter = await run(store, {
      kind: "filter",
      script: generateFilter(
        "mailer",
        new Map([
          ["Later", 1_000_000],
          ["Noted*", 0],
        ]),
      ).text,
    });
  } while (filter.lines.length < 2);
  assert.deepEqual(outcomes(filter), [
    ["Noted", "in.mailer-subscriptions"],
    ["Later", "before"],
  ]);
  const named = await run(store, { kind: "filter", script: generateFilter("mailer", new Map([["Other", 0]])).text });
  assert.deepEqual(outcomes(named), [
    ["Noted", "type"],
    ["Later", "type"],
  ]);
});

test("dry run – of a script that faults ends there, and says in which line", async (t) => {
  const { store } = await openedStore(t);
  await store.append("intermediate.sales", "any", [noted("{}"), noted("{}", { type: "Bad" }), noted("{}")]);
  const script = `fromStream("intermediate.sales").when({
    $any(state, e) {
      if (e.eventType === "Bad") {
        missing.call();
      }
    }
  });`;
  const { lines, fault } = await run(store, { kind: "router", script });
  assert.equal(lines.length, 2);
  assert.deepEqual(fault, { message: "missing is not defined", line: 4 });
});

test("dry run – of a script that does not compile says so, and of what is not there says nothing", async (t) => {
  const { store } = await openedStore(t);
  const broken = await run(store, {
    kind: "router",
    script: `fromStream("x").when({\n  $any(state, e) { return }}\n};`,
  });
  assert.equal(broken.lines.length, 0);
  assert.equal(broken.fault?.line, 3);
  const empty = await run(store, { kind: "router", script: generateRouter("nobody").text });
  assert.deepEqual(empty, { source: "intermediate.nobody", lines: [] });
});

test("dry run – of a script that never ends is cut off by its limit", async (t) => {
  const { store } = await openedStore(t);
  await store.append("intermediate.sales", "any", [noted("{}")]);
  const { fault } = await run(store, {
    kind: "router",
    script: `fromStream("intermediate.sales").when({ $any() { for (;;); } });`,
  });
  assert.match(fault?.message ?? "", /took too long to execute/);
});

test("dry run – passes over a body that is said to be JSON and is none, as the server does", async (t) => {
  const { store } = await openedStore(t);
  await store.append("intermediate.sales", "any", [noted("{ this is no JSON"), noted('{ "id": "1" }')]);
  const script = `fromStream("intermediate.sales").when({ $any(state, e) { linkTo("out", e); } });`;
  const { lines, fault } = await run(store, { kind: "router", script });
  assert.equal(fault, undefined);
  assert.deepEqual(
    lines.map(({ outcome }) => outcome),
    [
      { kind: "passed-over", why: "no-json" },
      { kind: "linked", to: ["out"] },
    ],
  );
});

test("dry run – stopped on its way it ends there, with what it was stopped by, and runs the script no further", async (t) => {
  const { store } = await openedStore(t);
  await store.append(
    "intermediate.sales",
    "any",
    Array.from({ length: 600 }, () => noted("{}")),
  );
  const stop = new AbortController();
  const runner = new ScriptRunner();
  t.after(() => runner.dispose());
  const ran: number[] = [];
  const running = dryRun(
    store,
    {
      ask(request) {
        if (request.kind === "run") ran.push(request.events.length);
        return runner.answer(request);
      },
    },
    {
      script: generateRouter("sales").text,
      kind: "router",
      limit: 600,
      signal: stop.signal,
      onProgress: (done) => done > 0 && stop.abort(),
    },
  );
  await assert.rejects(running, { name: "AbortError" });
  assert.deepEqual(ran, [250, 250]);
  // As is what it would still read.
  stop.abort();
  await assert.rejects(run(store, { kind: "router", script: generateRouter("sales").text, signal: stop.signal }), {
    name: "AbortError",
  });
});
