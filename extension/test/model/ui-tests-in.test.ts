import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { mayHaveUiTest } from "../run/ui-tests-in.ts";

suite("files with UI tests", () => {
  const text = `import { uiTest } from "./ui-test.ts";
uiTest("one – a \\"first\\"", {}, async () => {});
uiTest(
  "two – a second",
  {},
  async () => {},
);
`;

  test("are those in which a name matches", () => {
    for (const only of ["^one", "^two", 'a "first"', "second$", ""])
      assert.equal(mayHaveUiTest(text, only), true, only);
    for (const only of ["^three", "^a second", "uiTest"]) assert.equal(mayHaveUiTest(text, only), false, only);
  });

  test("are those that do not write out a name, and all of them for an expression with flags", () => {
    assert.equal(mayHaveUiTest('uiTest(nameOf("x"), {}, async () => {});', "^one"), true);
    assert.equal(mayHaveUiTest(text, "/THREE/i"), true);
  });
});
