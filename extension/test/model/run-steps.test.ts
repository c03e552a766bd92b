import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { BACK, runSteps, type Step, type StepPosition } from "../../src/quick-input/run-steps.ts";

interface Draft {
  readonly words: readonly string[];
}

suite("steps of a question", () => {
  /** Answers from a script, and notes where it stood. */
  function scripted(answers: readonly (string | typeof BACK | undefined)[]) {
    const remaining = [...answers];
    const seen: StepPosition[] = [];
    const step: Step<Draft> = async (draft, position) => {
      seen.push(position);
      const answer = remaining.shift();
      return typeof answer === "string" ? { words: [...draft.words, answer] } : answer;
    };
    return { step, seen };
  }

  test("lead to the end, back and forth, and keep what was entered", async () => {
    const { step, seen } = scripted(["a", "b", BACK, "c", "d"]);
    assert.deepEqual(await runSteps<Draft>({ words: [] }, () => [step, step, step]), { words: ["a", "b", "c", "d"] });
    assert.deepEqual(
      seen.map(({ step, totalSteps }) => `${step}/${totalSteps}`),
      ["1/3", "2/3", "3/3", "2/3", "3/3"],
    );
  });

  test("end with nothing when the user gives up", async () => {
    const { step } = scripted(["a", undefined]);
    assert.equal(await runSteps<Draft>({ words: [] }, () => [step, step]), undefined);
  });

  test("depend on what was entered so far", async () => {
    const { step, seen } = scripted(["long", "b", "c"]);
    await runSteps<Draft>({ words: [] }, ({ words }) => (words[0] === "long" ? [step, step, step] : [step]));
    assert.deepEqual(
      seen.map(({ totalSteps }) => totalSteps),
      [1, 3, 3],
    );
  });
});
