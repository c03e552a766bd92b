import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { deployShapes } from "../../src/deploy/deploy-component.ts";
import type { DeployHost } from "../../src/deploy/host.ts";
import { readJournal } from "../../src/deploy/journal.ts";
import { nextStep } from "../../src/deploy/projection-plan.ts";
import { pruneShapes, repairComponent } from "../../src/deploy/requests.ts";
import type { DeployedProjection } from "../../src/store/projections.ts";
import { stateOf } from "../../src/store/projections.ts";
import { generateFilter, readFilter } from "../../src/topology/filter.ts";
import type { ComponentShape, From } from "../../src/topology/shape.ts";
import { FakeServer, Killed } from "./fake-server.ts";

const TYPES = ["T0", "T1", "T2"];
const events = fc.dictionary(fc.constantFrom(...TYPES), fc.constantFrom<From>("now", "start"), {
  noNullPrototype: true,
});
const traffic = fc.array(fc.nat(3), { minLength: 1, maxLength: 20 });
const shape = (events: Readonly<Record<string, From>>): ComponentShape => ({
  name: "D",
  commands: [],
  replies: [],
  events,
  categories: {},
  messageTimeout: 30_000,
});
const optionsOf = (server: FakeServer) => ({
  environment: server.environment(),
  by: "test",
  done: () => {},
  exactly: false,
});
const deploy = (server: FakeServer, host: DeployHost, wanted: ComponentShape) =>
  deployShapes(host, [wanted], optionsOf(server));
/** What a process does until it is killed. */
const mayBeKilled = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
const serverWith = (traffic: readonly number[]): FakeServer => {
  let turn = 0;
  return new FakeServer(() => traffic[(turn += 1) % traffic.length]!);
};
const kill = fc.record({ at: fc.integer({ min: 1, max: 40 }), after: fc.boolean() });

/** Checks that of each type, from when it was there for good, everything has come, and nothing twice. */
function assertOnce(server: FakeServer, since: ReadonlyMap<string, number>, label = ""): void {
  const queued = server.queued("D");
  for (const [type, from] of since) {
    const due = server.all(type).filter((position) => position >= from);
    const got = queued.filter((position) => position >= from && server.typeOf(position) === type);
    assert.deepEqual(
      got.toSorted((a, b) => a - b),
      due,
      `${label} ${type} from ${from}`,
    );
  }
}

test("deploy – 63. 59. however subscriptions change under traffic and wherever deployers are killed, versions old and new: nothing is lost, nothing comes twice", async () => {
  const step = fc.record({ events, kill: fc.option(kill), prunes: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), traffic, async (steps, traffic) => {
      const server = serverWith(traffic);
      server.publish(5);
      /** Where each subscription is sure to have begun; a start only adds. */
      const since = new Map<string, number>();
      const history = new Set<string>();
      for (const { events, kill, prunes } of steps) {
        const wanted = shape(events);
        const isFirst = server.projections.size === 0;
        if (kill !== null) await mayBeKilled(deploy(server, server.process(kill.at, kill.after), wanted));
        await deploy(server, server.process(), wanted);
        for (const type of Object.keys(events)) {
          if (since.has(type)) continue;
          since.set(type, server.size);
          if (events[type] === "start" && isFirst) history.add(type);
        }
        if (prunes) {
          if (kill !== null) {
            const host = server.process(kill.at, kill.after);
            await mayBeKilled(pruneShapes(host, [wanted], optionsOf(server)));
          }
          await pruneShapes(server.process(), [wanted], optionsOf(server));
          for (const type of since.keys()) if (!(type in events)) since.delete(type);
          const gone = TYPES.filter((type) => !(type in events));
          const before = server.size;
          server.publish(6);
          const late = server.queued("D").filter((n) => n >= before && gone.includes(server.typeOf(n)));
          assert.deepEqual(late, [], "unsubscribed");
          history.clear();
        }
        server.publish(2);
        assertOnce(server, since);
        for (const type of history) assertOnce(server, new Map([[type, 0]]), "history");
      }
    }),
    { numRuns: 60 },
  );
});

test("deploy – 36. history that is wanted later comes once, wherever the deployer is killed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(kill, { maxLength: 4 }), traffic, async (kills, traffic) => {
      const server = serverWith(traffic);
      server.publish(5);
      await deploy(server, server.process(), shape({ T0: "now" }));
      server.publish(7);
      for (const { at, after } of kills) {
        await mayBeKilled(deploy(server, server.process(at, after), shape({ T0: "now", T1: "start" })));
      }
      await deploy(server, server.process(), shape({ T0: "now", T1: "start" }));
      await deploy(server, server.process(), shape({ T0: "start", T1: "start" }));
      server.publish(7);
      assertOnce(server, new Map([["T1", 0]]));
      const early = server.queued("D").filter((n) => n < 5 && server.typeOf(n) === "T0");
      assert.deepEqual(early, [], "a subscription stays as it was made");
    }),
    { numRuns: 60 },
  );
});

test("deploy – 65. several at once, of different versions, some of them killed: all that is wanted is there, nothing lost, nothing twice", async () => {
  const deployer = fc.record({ events, kill: fc.option(kill) });
  await fc.assert(
    fc.asyncProperty(fc.array(deployer, { minLength: 2, maxLength: 6 }), traffic, async (deployers, traffic) => {
      const server = serverWith(traffic);
      server.publish(5);
      await deploy(server, server.process(), shape({ T0: "now" }));
      const since = new Map([["T0", server.size]]);
      await Promise.all(
        deployers.map(({ events, kill }) =>
          mayBeKilled(deploy(server, server.process(kill?.at, kill?.after), shape({ ...events, T0: "now" }))),
        ),
      );
      await deploy(server, server.process(), shape({ T0: "now" }));
      for (const { events, kill } of deployers) {
        for (const type of Object.keys(events)) if (kill === null && !since.has(type)) since.set(type, server.size);
      }
      server.publish(9);
      assertOnce(server, since);
      assert.equal((await readJournal(server.process(), "D")).open, undefined);
      assert.ok([...server.projections.values()].every(({ state }) => state === "running"));
    }),
    { numRuns: 60 },
  );
});

test("deploy – 63. whoever was killed, the next instance lets run what stood still, also one that needs nothing itself", async () => {
  for (let at = 1; at < 40; at += 1) {
    for (const after of [false, true]) {
      const server = serverWith([1]);
      await deploy(server, server.process(), shape({ T0: "now" }));
      const from = server.size;
      await mayBeKilled(deploy(server, server.process(at, after), shape({ T0: "now", T1: "start" })));
      await deploy(server, server.process(), shape({ T0: "now" }));
      assertOnce(server, new Map([["T0", from]]), `killed at ${at}`);
      assert.ok([...server.projections.values()].every(({ state }) => state === "running"));
    }
  }
});

test("repair – 64. a filter that faulted, was edited or deleted is followed by a new generation: nothing is lost, nothing comes twice, wherever it is cut off", async () => {
  const damage = fc.record({
    how: fc.constantFrom("faulted", "edited", "deleted", "older text"),
    lost: fc.nat(4),
    kill: fc.option(kill),
    more: events,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), traffic, async (damages, traffic) => {
      const server = serverWith(traffic);
      server.publish(5);
      await deploy(server, server.process(), shape({ T0: "now", T1: "start" }));
      const since = new Map([
        ["T0", server.size],
        ["T1", 0],
      ]);
      for (const { how, lost, kill, more } of damages) {
        server.publish(4);
        const name = [...server.projections.keys()].findLast((name) => name.startsWith("sluice.filter.D"))!;
        if (how === "faulted") server.fault(name, lost);
        if (how === "edited") server.edit(name, (text) => text.replace(/^ {2}"T0".*\n/m, ""));
        if (how === "older text") {
          const generation = Number(/\d+$/.exec(name)?.[0] ?? 1);
          server.edit(name, (text) => generateFilter("D", new Map([...readFilter(text)].slice(1)), generation).text);
        }
        if (how === "deleted") server.delete(name);
        server.publish(5);
        if (kill !== null)
          await mayBeKilled(repairComponent(server.process(kill.at, kill.after), "D", optionsOf(server)));
        if (how !== "deleted" || lost > 2) await repairComponent(server.process(), "D", optionsOf(server));
        await deploy(server, server.process(), shape({ ...more, T0: "now", T1: "start" }));
        server.publish(3);
        assertOnce(server, since, how);
        assert.ok([...server.projections.values()].every(({ state }) => state === "running"));
      }
    }),
    { numRuns: 60 },
  );
});

test("repair – 64. a router that faulted or was deleted is followed by a new generation: nothing is lost, and little comes twice", async () => {
  const sent = fc.array(fc.constantFrom("A", "B", undefined), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      sent,
      sent,
      fc.nat(4),
      fc.constantFrom("faulted", "deleted"),
      fc.option(kill),
      async (before, after, lost, how, kill) => {
        const server = new FakeServer();
        const send = (destinations: readonly (string | undefined)[]) => {
          for (const destination of destinations) {
            server.add("intermediate.D", "T", destination === undefined ? {} : { "sluice.destination": destination });
          }
          server.run();
        };
        await deploy(server, server.process(), shape({}));
        send(before);
        if (how === "faulted") server.fault("sluice.router.D", lost);
        else server.delete("sluice.router.D");
        send(after);
        if (kill !== null)
          await mayBeKilled(repairComponent(server.process(kill.at, kill.after), "D", optionsOf(server)));
        await repairComponent(server.process(), "D", optionsOf(server));
        await deploy(server, server.process(), shape({}));
        const linked = server.made.map(({ to }) => to.position);
        const all = Array.from({ length: server.size }, (_, n) => n);
        assert.deepEqual(
          [...new Set(linked)].toSorted((a, b) => a - b),
          all,
        );
        if (how === "deleted" || lost === 0) assert.equal(linked.length, all.length, "it was not cut off");
        assert.deepEqual([...server.projections.keys()], ["sluice.router.D.2"]);
        const targets = new Set(server.made.slice(-1).map(({ stream }) => stream));
        for (const target of targets) assert.match(target, /\.2$/);
      },
    ),
    { numRuns: 60 },
  );
});

test("deploy – the next step: only what runs, or was stopped with a checkpoint, is updated; a person's stop is left alone", () => {
  const old = generateFilter("D", new Map([["A", 1]])).text;
  const now = generateFilter(
    "D",
    new Map([
      ["A", 1],
      ["B", 2],
    ]),
  );
  const found = (state: DeployedProjection["state"], text = old, emits = true) => ({ text, emits, state });
  assert.equal(nextStep(undefined, now, true), "create");
  assert.equal(nextStep(found("running"), now, true), "update");
  assert.equal(nextStep(found("stopped"), now, true), "update");
  assert.equal(nextStep(found("stopped"), now, false), "update");
  assert.equal(nextStep(found("aborted"), now, true), "start", "with its old text");
  assert.deepEqual(nextStep(found("aborted"), now, false), { refused: "aborted" });
  assert.equal(nextStep(found("changing"), now, true), "wait");
  assert.deepEqual(nextStep(found("faulted"), now, true), { refused: "faulted" });
  assert.equal(nextStep(found("running", now.text), now, true), "done");
  assert.equal(nextStep(found("running", now.text, false), now, true), "update", "somebody turned emitting off");
  assert.equal(nextStep(found("stopped", now.text), now, true), "start");
  assert.equal(nextStep(found("stopped", now.text), now, false), "done");
  assert.deepEqual(nextStep(found("running", "fromAll()"), now, true), { refused: "foreign" });
  assert.deepEqual(nextStep(found("running", generateFilter("E", new Map()).text), now, true), { refused: "foreign" });
  assert.deepEqual(nextStep(found("running", old.replace("< 1", "< 0")), now, true), { refused: "edited" });
});

test("deploy – the server's status texts", () => {
  const texts = {
    Running: "running",
    Stopped: "stopped",
    "Aborted/Stopped": "aborted",
    Faulted: "faulted",
    "Faulted (Enabled)": "faulted",
    "Faulted/Stopped (Enabled)": "faulted",
    "Stopped/Faulted": "faulted",
    "Starting/StateLoaded": "changing",
    "Preparing/Stopped": "changing",
    "Stopping/Running": "changing",
  };
  for (const [text, state] of Object.entries(texts)) assert.equal(stateOf(text), state, text);
});
