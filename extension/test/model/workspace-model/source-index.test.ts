import assert from "node:assert/strict";
import { test } from "node:test";
import { SourceIndex } from "../../../src/workspace-model/source-index.ts";
import { SourceReader } from "../../../src/workspace-model/source-reader.ts";

const FILES = {
  "/shop/sluice.ts": `export * from "@sluice/transport";`,
  "/shop/index.ts": `export { component, event } from './sluice.ts';`,
  "/shop/sales.ts": `import { component } from "./index.ts"; import { NAME } from "./names.ts"; component(NAME, (c) => {});`,
  "/shop/names.ts": `export const NAME = "sales";`,
  "/shop/other.ts": `import { readFile } from "node:fs";`,
};

test("sources that matter – name the transport, or import from one that does, and whatever names are looked for in", () => {
  const index = new SourceIndex();
  for (const [uri, text] of Object.entries(FILES)) index.set(uri, text);
  assert.deepEqual([...index.relevant()].toSorted(), ["/shop/index.ts", "/shop/sales.ts", "/shop/sluice.ts"]);

  const reader = new SourceReader();
  const read = (uris: Iterable<string>) =>
    reader.read(
      [...uris].map((uri) => ({ uri, text: FILES[uri as keyof typeof FILES] })),
      index.modules(),
    );
  assert.equal(read(index.relevant()).components[0]?.name, undefined);
  assert.deepEqual([...reader.wanted], ["/shop/names.ts"]);
  assert.equal(read([...index.relevant(), ...reader.wanted]).components[0]?.name, "sales");
  assert.deepEqual([...reader.wanted], []);
});

test("sources that matter – none any more once nobody names the transport", () => {
  const index = new SourceIndex();
  for (const [uri, text] of Object.entries(FILES)) index.set(uri, text);
  const before = index.modules();
  index.set("/shop/sluice.ts", "");
  assert.equal(index.modules(), before, "no file has come or gone");
  assert.equal(index.relevant().size, 0);
  index.delete("/shop/names.ts");
  assert.notEqual(index.modules(), before);
});
