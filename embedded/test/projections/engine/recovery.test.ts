import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Recovery } from "../../../src/projections/emitted/recovery.ts";
import { EngineFault } from "../../../src/projections/engine-fault.ts";
import type { Tag } from "../../../src/projections/tags/tag.ts";

const tag = (revision: number): Tag => ({ mode: "Stream", stream: "source", revision });
const event = (revision: number, type = "Out") => ({ tag: tag(revision), type });
const committed = (...entries: readonly { readonly tag: Tag; readonly type: string }[]) =>
  entries.map((entry, revision) => ({ ...entry, revision }));
const recoveryOf = (...entries: readonly { readonly tag: Tag; readonly type: string }[]) =>
  new Recovery("target", committed(...entries), entries.at(-1)?.tag ?? tag(-1));

test("recovery – what was written is recognized by tag and type, under its number", () => {
  const recovery = recoveryOf(event(0, "First"), event(0, "Second"), event(1, "First"));
  assert.deepEqual(recovery.judge(event(0, "First")), { verdict: "written", revision: 0 });
  assert.deepEqual(recovery.judge(event(0, "Second")), { verdict: "written", revision: 1 });
  assert.deepEqual(recovery.judge(event(1, "First")), { verdict: "written", revision: 2 });
  assert.deepEqual(recovery.judge(event(1, "Second")), { verdict: "write" });
});

test("recovery – what is behind the last one found is new", () => {
  assert.deepEqual(recoveryOf(event(3)).judge(event(4)), { verdict: "write" });
});

test("recovery – what the script no longer emits is passed over", () => {
  assert.deepEqual(recoveryOf(event(0), event(1), event(2)).judge(event(2)), { verdict: "written", revision: 2 });
});

test("recovery – an event that differs is a fault", () => {
  const fault = (existing: string, fresh: string) =>
    new EngineFault(
      `An event emitted in recovery for stream target differs from the originally emitted event. Existing(${existing}). New(${fresh})`,
    );
  assert.throws(
    () => recoveryOf(event(0)).judge(event(0, "Changed")),
    fault("'Out', 'source: 0'", "'Changed', 'source: 0'"),
  );
  assert.throws(() => recoveryOf(event(2)).judge(event(0)), fault("'Out', 'source: 2'", "'Out', 'source: 0'"));
});

test("recovery – a link that differs is taken for written and uses up what was found", () => {
  const recovery = recoveryOf(event(1, "$>"), event(3, "$>"));
  assert.deepEqual(recovery.judge(event(0, "$>")), { verdict: "taken-for-written" });
  assert.deepEqual(recovery.judge(event(1, "$>")), { verdict: "taken-for-written" });
  assert.deepEqual(recovery.judge(event(2, "$>")), { verdict: "write" });
});

test("recovery – the same emissions again are all recognized, and then all new", () => {
  const emissions = fc.array(fc.tuple(fc.nat(3), fc.constantFrom("A", "B", "$>")), { maxLength: 30 }).map((steps) => {
    let revision = 0;
    return steps.map(([step, type]) => event((revision += step), type));
  });
  fc.assert(
    fc.property(emissions, fc.nat(30), (all, cut) => {
      // Cut off between two source events: what one event emits is written in one batch.
      const last = all[Math.min(cut, all.length) - 1]?.tag;
      const written = last === undefined ? [] : all.filter((each) => revisionOf(each.tag) <= revisionOf(last));
      const recovery = recoveryOf(...written);
      for (const [revision, each] of written.entries()) {
        assert.deepEqual(recovery.judge(each), { verdict: "written", revision });
      }
      for (const each of all.slice(written.length, written.length + 1)) {
        assert.deepEqual(recovery.judge(each), { verdict: "write" });
      }
    }),
  );
});

const revisionOf = (of: Tag) => (of.mode === "Stream" ? of.revision : Number.NaN);
