import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Numbering } from "../../../src/cli/transfer/numbering.ts";

test("numbering – gaps close, and every revision is told, before and in a gap too", () => {
  // Which of the revisions 0, 1, 2 … are there: moved, passed over where it lies, or gone without a trace.
  const fates = fc.array(fc.constantFrom("moves", "stays", "gone"), { maxLength: 40 });
  fc.assert(
    fc.property(fates, (all) => {
      const numbering = new Numbering();
      const moved: number[] = [];
      for (const [revision, fate] of all.entries()) {
        if (fate === "moves") {
          assert.equal(numbering.take(revision), moved.length);
          moved.push(revision);
        } else if (fate === "stays") numbering.skip(revision);
      }
      const last = all.findLastIndex((fate) => fate !== "gone");
      for (let revision = 0; revision <= last; revision++) {
        const before = moved.filter((one) => one <= revision).length;
        assert.equal(numbering.upTo(revision), before - 1);
        assert.equal(numbering.exactly(revision), moved.includes(revision) ? before - 1 : undefined);
      }
    }),
  );
});

test("numbering – an index that was made anew begins with 0, one whose beginning is gone keeps its numbers", () => {
  const again = new Numbering();
  for (const revision of [0, 1, 2]) again.take(revision);
  again.restart(3);
  assert.deepEqual([again.take(3), again.take(4), again.upTo(4), again.exactly(4)], [0, 1, 1, 1]);
  const late = new Numbering();
  late.jump(7);
  assert.deepEqual([late.take(7), late.upTo(7)], [7, 7]);
});
