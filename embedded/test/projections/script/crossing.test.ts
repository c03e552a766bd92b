import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { record } from "../records.ts";
import { scriptCompiler } from "../../../src/projections/script/compile.ts";
import { project, when } from "./projection.ts";

/** Any text, often with the characters that could break the crossing. */
const anyText = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .array(fc.constantFrom("\0", "\x01", "\x02", "\n", "\ufeff", "é", "😀", '"', "\\", "a"), { maxLength: 8 })
    .map((parts) => parts.join("")),
);

describe("crossing into the sandbox and back", () => {
  it("crossing – keeps every text of an event as it is", async () => {
    const echo = await when(
      "$any: (s, e) => ({ t: [e.streamId, e.eventType, e.partition, e.bodyRaw, e.metadataRaw, e.linkMetadataRaw, e.sequenceNumber] })",
    );
    await fc.assert(
      fc.asyncProperty(fc.tuple(anyText, anyText, anyText, anyText, anyText, anyText), async (texts) => {
        const [stream, type, partition, data, metadata, linkMetadata] = texts;
        const event = record(stream, 3, type, { data, metadata, isJson: false });
        const link = record("l", 0, "$>", { data: "3@x", metadata: linkMetadata, isJson: false });
        const { state } = echo.handler.process({ event, link }, partition);
        const orNull = (text: string) => (text === "" ? null : text);
        const expected = [
          orNull(stream),
          orNull(type),
          partition,
          orNull(data),
          orNull(metadata),
          orNull(linkMetadata),
          3,
        ];
        assert.deepEqual(JSON.parse(state ?? ""), { t: expected });
      }),
      { numRuns: 300 },
    );
  });

  it("crossing – keeps every text that a script gives", async () => {
    const giving = await when("$any(s, e) { linkStreamTo('x' + e.bodyRaw, 'x' + e.bodyRaw); return 'x' + e.bodyRaw }");
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        fc.pre(text !== "");
        const { state, emitted } = giving.handler.process(
          { event: record("s", 0, "T", { data: text, isJson: false }), link: undefined },
          "",
        );
        assert.deepEqual([state, emitted[0]?.stream, emitted[0]?.data], [`x${text}`, `x${text}`, `x${text}`]);
      }),
      { numRuns: 300 },
    );
  });

  it("crossing – keeps every name of a partition", async () => {
    const named = await project("fromStream('things').partitionBy((e) => 'x' + e.bodyRaw).when({ $any() {} })");
    const told = await project(
      "fromAll().foreachStream().when({ $any() {}, $deleted: (s, e, partition) => ({ partition }) })",
    );
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const event = { event: record("s", 0, "T", { data: text, isJson: false }), link: undefined };
        assert.equal(named.handler.partitionOf(event), text === "" ? "xnull" : `x${text}`);
        const { state } = told.handler.processDeleted(text);
        assert.deepEqual(JSON.parse(state ?? ""), { partition: text });
      }),
      { numRuns: 300 },
    );
  });

  it("crossing – reads bytes that are no text as replacement characters", async () => {
    const event = { ...record("s", 0, "T", { isJson: false }), data: Uint8Array.of(0x61, 0xff, 0xc3, 0x28, 0x62) };
    const seen = (await when("$any: (s, e) => [e.bodyRaw]")).handle({ event, link: undefined }).state;
    assert.deepEqual(seen, ["a\ufffd\ufffd(b"]);
  });

  it("crossing – takes texts of a megabyte, and more of them than memory holds at once", async () => {
    const p = await when("$any(s, e) { s.length = e.bodyRaw.length; s.last = e.bodyRaw.at(-1) }");
    for (let i = 0; i < 40; i++) {
      const data = "ä".repeat(500_000 + i) + "z";
      p.handle({ event: record("s", i, "T", { data, isJson: false }), link: undefined });
    }
    assert.deepEqual(p.state, { length: 500_040, last: "z" });
  });

  it("crossing – loads states of any size and alphabet", async () => {
    const p = await when("$any(s) { s.n++ }");
    for (const text of ["ä", "€", "😀"].flatMap((char) => [1_400, 3_000, 50_000].map((n) => char.repeat(n)))) {
      p.handler.load(JSON.stringify({ text, n: 0 }));
      assert.deepEqual(p.handle({ event: record("s", 0, "T"), link: undefined }).state, { text, n: 1 });
    }
  });

  it("crossing – costs no memory that is not given back", async () => {
    const p = await when("$any(s, e) { linkTo('out', e, { n: 1 }); return { body: e.bodyRaw, n: e.sequenceNumber } }");
    const event = (revision: number) =>
      ({ event: record("s", revision, "T", { data: "x".repeat(200_000), isJson: false }), link: undefined }) as const;
    // Each leaves several copies behind: more than a sandbox may have, if they stayed.
    for (let i = 0; i < 1500; i++) p.handler.process(event(i), "");
    assert.equal(p.handler.process(event(1500), "").state?.length, 200_000 + '{"body":"","n":1500}'.length);
  });

  it("crossing – writes what scripts log to the log", async () => {
    const lines: string[] = [];
    const handler = await scriptCompiler((line) => lines.push(line))(
      "log('top'); fromStream('s').when({ $any(s, e) { log(); log('a', 1, null, { b: [1] }); return [typeof log('x')] } })",
    );
    handler.initialize();
    assert.equal(handler.process({ event: record("s", 0, "T"), link: undefined }, "").state, '["undefined"]');
    assert.deepEqual(lines, ["top", 'a ,1 ,null ,{"b":[1]}', "x"]);
  });

  it("crossing – runs many projections side by side", async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => project(`fromStream('s').when({ $any: () => ({ i: ${i} }) })`)),
    );
    for (const [i, p] of all.entries())
      assert.deepEqual(p.handle({ event: record("s", 0, "T"), link: undefined }).state, { i });
  });
});
