import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { comparesOtherwise, positionsIn, withPositions } from "../../../src/cli/transfer/query-positions.ts";
import { readStampText, withStamp } from "../../../src/cli/transfer/stamp-text.ts";

test("stamps – number, places and revisions change, the rest stays byte for byte", () => {
  const changes = {
    projection: (id: number) => id + 1,
    position: (position: number) => position * 2,
    revision: (source: string, revision: number, isOfType: boolean) => (isOfType ? 100 : source.length) + revision,
  };
  const cases = [
    [
      '{"$v":"7:-1:0:4","$s":{"intermediate.C":3},"$causedBy":"x"}',
      '{"$v":"8:-1:0:4","$s":{"intermediate.C":17},"$causedBy":"x"}',
    ],
    [
      '{"$v":"7:3:4:4","$c":10,"$p":10,"more":"bad " quotes"}',
      '{"$v":"8:3:4:4","$c":20,"$p":20,"more":"bad " quotes"}',
    ],
    ['{"$v":"7:-1:0:4","$c":10,"$p":9,"$s":{"A":0,"B":-1}}', '{"$v":"8:-1:0:4","$c":20,"$p":18,"$s":{"A":100,"B":-1}}'],
    [
      '{"$v":"7:-1:0:4","$s":{"a}\\":1":2,"b":0},"$v":"9:0:0"}',
      '{"$v":"8:-1:0:4","$s":{"a}\\":1":7,"b":1},"$v":"9:0:0"}',
    ],
    ['{"$v":"7:-1:0:4","$ph":1,"$s":{}}', '{"$v":"8:-1:0:4","$ph":1,"$s":{}}'],
  ] as const;
  for (const [before, after] of cases) assert.equal(withStamp(before, changes), after);
  assert.deepEqual(readStampText(cases[1][0]), { projection: 7, position: 10 });
  for (const own of ["", "{}", '{"a":1,"$v":"7:-1:0:4"}', '{"$v":7}', "no json"]) {
    assert.equal(readStampText(own), undefined);
    assert.equal(withStamp(own, changes), own);
  }
});

test("queries – log positions are found and replaced, and what was generated still looks so", () => {
  const rest = `// the numbers\nfromCategory("out").when({\n  "T"(state, e) { if (e.linkMetadata.$c < 4711) return; linkTo("t", e); },\n  "U"(state, e) { if (e.linkMetadata.$c < 0 || e.linkMetadata.$c >= 12) return; }\n});\n`;
  const headed = (text: string) => {
    const hash = createHash("sha256").update(`filter\nD\n${text}`).digest("hex").slice(0, 16);
    return `// sluice filter of D ${hash}\n${text}`;
  };
  assert.deepEqual(positionsIn(headed(rest)), [4711, 12]);
  const moved = withPositions(headed(rest), (position) => position + 1);
  assert.equal(moved, headed(rest.replace("4711", "4712").replace(">= 12", ">= 13")));
  // One that was edited by hand still tells so.
  const edited = `${headed(rest)}// mine\n`;
  assert.equal(
    withPositions(edited, (position) => position),
    edited,
  );
  assert.equal(comparesOtherwise(rest), false);
  assert.equal(comparesOtherwise("if (e.linkMetadata.$c === since) return;"), true);
});
