import assert from "node:assert/strict";
import { test } from "node:test";
import { readSources } from "../../../src/workspace-model/source-reader.ts";

const COMPONENT = `import { component } from "@sluice/transport"; component("sales", (c) => {});`;

const WRITTEN: readonly (readonly [string, string])[] = [
  [
    "decorators.ts",
    `@Injectable() export class A { constructor(@Inject("x") private readonly x: string) {} @Get() m(@Body() b: B) {} }`,
  ],
  ["decorators-behind.ts", `export @Injectable() class A { accessor q = 1; declare z: string; }`],
  [
    "types.ts",
    `declare module "x" { const y: number; } namespace N { export const x = 1 } type T = typeof import("x"); enum E { A = "a" }`,
  ],
  ["generics.mts", `const a = <T>(x: T) => x; const b = <any>y; const c = d satisfies E; let f!: G;`],
  ["commonjs.cts", `import x = require("z"); export = { x };`],
  ["markup.tsx", `const a = <T,>(x: T) => <div title="b">{x as any}</div>;`],
  ["markup.js", `#!/usr/bin/env node\nconst x = <div>{a}</div>; await x; return 1;`],
  [
    "newest.mjs",
    `import data from "./x.json" with { type: "json" }; class A { static #p = 1; static { } } using r = open(); /[\\p{L}--[a]]/v;`,
  ],
];

for (const [file, text] of WRITTEN) {
  test(`syntax – ${file} is understood`, () => {
    const isScript = text.startsWith("#!");
    const { components, unparsed } = readSources([
      { uri: `file:///shop/${file}`, text: isScript ? `${text}\n${COMPONENT}` : `${COMPONENT}\n${text}` },
    ]);
    assert.deepEqual(unparsed, []);
    assert.equal(components[0]?.name, "sales");
  });
}
