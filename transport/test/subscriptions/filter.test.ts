import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ensureFilter } from "../../src/subscriptions/filter.ts";
import { nextStep } from "../../src/subscriptions/projection-plan.ts";
import type { DeployedProjection } from "../../src/store/projections.ts";
import { stateOf } from "../../src/store/projections.ts";
import { generateFilter } from "../../src/topology/filter.ts";
import { FakeProjections, Interrupted } from "./fake-projections.ts";

const TYPES = ["T0", "T1", "T2"];
const wanted = fc
  .dictionary(fc.constantFrom(...TYPES), fc.constantFrom("now" as const, "start" as const), { noNullPrototype: true })
  .map((record) => new Map(Object.entries(record)));

test("filter – however subscriptions change under traffic and wherever deployments are cut off, each gets its events once", async () => {
  const deployment = fc.record({ wanted, interrupt: fc.option(fc.nat(8)) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(deployment, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }),
      async (deployments, traffic) => {
        let turn = 0;
        const projections = new FakeProjections(() => traffic[(turn += 1) % traffic.length]!);
        projections.publish(5);
        /** Since when each type has been wanted without a break, as the number of events before it. */
        const since = new Map<string, { before: number; after: number; from: "now" | "start" }>();
        for (const { wanted, interrupt } of deployments) {
          const before = projections.all("T0").length + projections.all("T1").length + projections.all("T2").length;
          projections.interruptAfter(interrupt ?? Infinity);
          try {
            await ensureFilter(projections, "D", wanted);
          } catch (error) {
            assert.ok(error instanceof Interrupted);
          }
          projections.interruptAfter(Infinity);
          // A deployment that was cut off is done again, as the next start of the component does.
          await ensureFilter(projections, "D", wanted);
          projections.publish(2);
          const after = projections.all("T0").length + projections.all("T1").length + projections.all("T2").length;
          for (const type of TYPES) {
            const from = wanted.get(type);
            if (from === undefined) since.delete(type);
            else if (!since.has(type)) since.set(type, { before, after, from });
          }
        }
        projections.publish(9);
        const linked = projections.linked();
        const last = deployments.at(-1)!.wanted;
        for (const type of last.keys()) {
          const { before, after, from } = since.get(type)!;
          const got = linked.filter((n) => projections.typeOf(n) === type);
          const all = projections.all(type);
          const due = all.filter((n) => n >= (from === "start" ? 0 : after));
          for (const n of due) assert.ok(got.includes(n), `${type} ${n} is lost`);
          const live = got.filter((n) => n >= before);
          assert.deepEqual(live, [...new Set(live)], `${type} comes once`);
          if (deployments.length === 1) {
            assert.deepEqual(got, [...new Set(got)]);
            if (from === "start")
              assert.deepEqual(
                got.toSorted((x, y) => x - y),
                all,
              );
            else
              assert.ok(
                got.every((n) => n >= before),
                "none of the history",
              );
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});

test("deploy – the next step: only what runs, or was stopped with a checkpoint, is updated", () => {
  const old = generateFilter("D", new Map([["A", 1]])).text;
  const now = generateFilter(
    "D",
    new Map([
      ["A", 1],
      ["B", 2],
    ]),
  );
  const deployed = (state: DeployedProjection["state"], text = old, emits = true) => ({
    text,
    emits,
    state,
    status: "",
    reason: "",
  });
  assert.equal(nextStep(undefined, now), "create");
  assert.equal(nextStep(deployed("running"), now), "update");
  assert.equal(nextStep(deployed("stopped"), now), "update");
  assert.equal(nextStep(deployed("aborted"), now), "start", "with its old text");
  assert.equal(nextStep(deployed("changing"), now), "wait");
  assert.deepEqual(nextStep(deployed("faulted"), now), { refused: "faulted" });
  assert.equal(nextStep(deployed("running", now.text), now), "done");
  assert.equal(nextStep(deployed("running", now.text, false), now), "update", "somebody turned emitting off");
  assert.equal(nextStep(deployed("stopped", now.text), now), "start");
  assert.deepEqual(nextStep(deployed("running", "fromAll()"), now), { refused: "foreign" });
  assert.deepEqual(nextStep(deployed("running", generateFilter("E", new Map()).text), now), { refused: "foreign" });
  assert.deepEqual(nextStep(deployed("running", old.replace("< 1", "< 0")), now), { refused: "edited" });
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
