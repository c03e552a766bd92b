import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { aggregate, command, component, event, MissingEvolve } from "../../src/index.ts";

const root = join(import.meta.dirname, "../../..");

const Place = command("sales.Place", { to: "sales" })<{ id: string }>();
const Placed = event("sales.Placed")<{ id: string; lines?: readonly { readonly n: number | null }[] }>();
const Shipped = event("sales.Shipped")<{ id: string }>();
const byId = ({ id }: { id: string }): string => id;

test("declare – the events of decide and evolve are tied together, by types and by the declaration", () => {
  const options = { events: [Placed] };
  aggregate("order", 0, options, (a) => {
    a.decide(Place, byId, (_, m) => [Placed(m), Place(m)]);
    // @ts-expect-error -- no event of its own
    a.decide(Shipped, byId, (_, m) => Shipped(m));
    a.evolve(Placed);
    // @ts-expect-error -- no event of its own
    a.evolve(Shipped, (state) => state);
  });
  assert.throws(
    () => aggregate("order", 0, { events: [Placed, Shipped] }, (a) => a.evolve(Placed, (state) => state + 1)),
    (error) => error instanceof MissingEvolve && error.types.join() === Shipped.type,
  );
});

test("declare – bodies that JSON does not carry are refused by type, bytes and what may be absent are not", () => {
  interface Line {
    readonly at?: string | undefined;
    readonly parts: readonly [number, boolean | null];
    readonly rest: unknown;
  }
  event("a.Lines")<{ lines: Line[]; byName: Record<string, Line> }>();
  event("a.Bytes")<Uint8Array>();
  // @ts-expect-error -- a bigint
  event("a.Bigint")<{ deep: { n: bigint }[] }>();
  // @ts-expect-error -- a function
  event("a.Function")<{ f(): void }>();
  // @ts-expect-error -- a Map
  command("a.Map", { to: "a" })<{ map?: Map<string, string> }>();
});

test("declare – what is easily got wrong is told by TypeScript in one readable line", async (t) => {
  const folder = await mkdtemp(join(root, "test/.example-"));
  t.after(() => rm(folder, { recursive: true }));
  const lines: readonly (readonly [code: string, told: RegExp])[] = [
    [
      'component("a", (c) => c.handle(event("a.X"), () => {}));',
      /Type '"Call it once more to say the body: event\(\\"…\\"\)<\{ … \}>\(\) or event\(\\"…\\"\)\(schema\)"' is not assignable/,
    ],
    [
      'component("sales", (c) => c.handle(Place, (m, ctx) => ctx.publish(Place, m)));',
      /Type '"command"' is not assignable to type '"event"'/,
    ],
    ['event("a.Date")<{ at: Date }>();', /JSON makes a string of a Date: declare a string, or give a schema/],
  ];
  const head = [
    'import { command, component, event } from "@sluice/transport";',
    'export const Place = command("sales.Place", { to: "sales" })<{ id: string }>();',
  ];
  await writeFile(join(folder, "bad.ts"), [...head, ...lines.map(([code]) => code)].join("\n"));
  const compilerOptions = { noEmit: true };
  const config = { extends: "../../tsconfig.base.json", compilerOptions, files: ["bad.ts"] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, "--pretty", "false", "-p", folder]).catch(
    (error: { stdout: string }) => error,
  );
  const told = stdout.split(/\n(?=\S)/);
  for (const [index, [code, expected]] of lines.entries()) {
    const place = `bad.ts(${head.length + index + 1},`;
    const text = told.filter((message) => message.includes(place)).join("\n");
    assert.match(text, expected, `${code}\n${text}`);
  }
  component("sales", (c) => c.handle(Place, () => {}));
});
