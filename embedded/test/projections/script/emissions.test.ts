import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Emission } from "../../../src/projections/handler.ts";
import { faultIn, project, thing, when } from "./projection.ts";

const emittedBy = async (body: string, metadata?: string): Promise<readonly Emission[]> =>
  (await when(`Go(s, e) { ${body} }`)).handle(thing("Go", { n: 1 }, metadata)).emitted;

const metadataBy = async (body: string): Promise<unknown> => (await emittedBy(body))[0]?.metadata;

describe("emissions – emit", () => {
  it("emissions – carry a body as JSON, in the order of the calls", async () => {
    assert.deepEqual(await emittedBy("emit('a', 'T', { n: [1, null] }); emit('b', 'U', [])"), [
      { stream: "a", type: "T", isJson: true, data: '{"n":[1,null]}' },
      { stream: "b", type: "U", isJson: true, data: "[]" },
    ]);
    const [{ data } = { data: "" }] = await emittedBy("emit('a', 'T', e)");
    assert.equal(JSON.parse(data).body.n, 1);
  });

  it("emissions – carry metadata as names and JSON, without what is undefined", async () => {
    assert.deepEqual(
      await metadataBy(
        `emit('a', 'T', {}, { z: 1, a: 'x"y', no: undefined, nil: null, d: new Date(0), $causedBy: 1 })`,
      ),
      [
        ["z", "1"],
        ["a", '"x\\"y"'],
        ["nil", "null"],
        ["d", "{}"],
        ["$causedBy", "1"],
      ],
    );
    assert.deepEqual(await metadataBy("emit('a', 'T', {}, ['x'])"), [
      ["0", '"x"'],
      ["length", "1"],
    ]);
    assert.deepEqual(await metadataBy("emit('a', 'T', {}, {})"), []);
    assert.equal(await metadataBy("emit('a', 'T', {})"), undefined);
    assert.equal(await metadataBy("emit('a', 'T', {}, { m: 1 }, 'a fifth')"), undefined);
  });

  it("emissions – of an event are gone with the next, and with a fault", async () => {
    const p = await when("A() { emit('a', 'T', {}) }, B() {}");
    assert.equal(p.handle(thing("A")).last?.emitted.length, 1);
    assert.equal(p.handle(thing("B")).last?.emitted.length, 0);
  });

  it("emissions – with wrong arguments fault, past any catch", async () => {
    const isNull = (parameter: string) => `Value cannot be null. (Parameter '${parameter}')`;
    const faults: Record<string, string> = {
      "": "invalid number of parameters",
      "'a', 'T'": "invalid number of parameters",
      "'a', 'T', null": isNull("eventBody"),
      "'a', 'T', undefined": isNull("eventBody"),
      "'a', 'T', 5": "object expected (Parameter 'eventBody')",
      "5, 'T', {}": "string expected (Parameter 'streamId')",
      "' ', 'T', {}": isNull("streamId"),
      "null, 'T', {}": isNull("streamId"),
      "'a', {}, {}": "string expected (Parameter 'eventName')",
      "'a', '', {}": isNull("eventName"),
      "'a', 'T', {}, null": "object expected (Parameter 'metadata')",
      "'a', 'T', {}, undefined": "object expected (Parameter 'metadata')",
    };
    for (const [args, fault] of Object.entries(faults))
      assert.equal(await faultIn(`try { emit(${args}) } catch {}`), fault, args);
    assert.match(await faultIn("emit('a', 'T', { n: NaN })"), /^\.NET number values/);
  });
});

describe("emissions – links", () => {
  it("emissions – link to an event, or whatever has a number and a stream", async () => {
    const links = await emittedBy(
      "linkTo('l', e); linkTo('l', { sequenceNumber: 7.9, streamId: 'x' }); linkTo('l', { ...e })",
    );
    assert.deepEqual(links[0], { stream: "l", type: "$>", isJson: false, data: "0@things" });
    assert.deepEqual(
      links.map(({ data }) => data),
      ["0@things", "7@x", "0@things"],
    );
    const odd =
      "{ sequenceNumber: -1, streamId: '' }; linkTo('l', o); linkTo('l', { sequenceNumber: 2 ** 63, streamId: 'x' })";
    assert.deepEqual(
      (await emittedBy(`const o = ${odd}`)).map(({ data }) => data),
      ["-1@", "-9223372036854775808@x"],
    );
    const inherited = await emittedBy("linkTo('l', Object.create({ sequenceNumber: 3, streamId: 'x' }))");
    assert.equal(inherited[0]?.data, "3@x");
  });

  it("emissions – carry the metadata of links unescaped", async () => {
    assert.deepEqual(
      await metadataBy(`linkTo('l', e, { n: 1e21, t: 'a"b', nil: null, no: undefined, yes: true, o: { a: 'b' } })`),
      [
        ["n", "1E+21"],
        ["t", '"a"b"'],
        ["nil", ""],
        ["no", ""],
        ["yes", "true"],
        ["o", '{"a":"b"}'],
      ],
    );
  });

  it("emissions – refer to streams; copies do nothing", async () => {
    assert.deepEqual(await emittedBy("linkStreamTo('l', 'any @ all'); copyTo('l', e); linkStreamTo('l', 'x', {}, 4)"), [
      { stream: "l", type: "$@", isJson: false, data: "any @ all" },
      { stream: "l", type: "$@", isJson: false, data: "x" },
    ]);
  });

  it("emissions – of links with wrong arguments fault", async () => {
    const faults: Record<string, string> = {
      "linkTo()": "wrong number of parameters",
      "linkTo('l', e, {}, 1)": "wrong number of parameters",
      "linkTo('l', null)": "Value cannot be null. (Parameter 'event')",
      "linkTo('l', '0@x')": "object expected (Parameter 'event')",
      "linkTo('l', {})": "Invalid link to event undefined@undefined",
      "linkTo('l', { sequenceNumber: '0', streamId: 'x' })": "Invalid link to event 0@x",
      "linkTo('l', { sequenceNumber: -1, streamId: null })": "Invalid link to event -1@null",
      "linkTo(5, e)": "string expected (Parameter 'streamId')",
      "linkTo('l', e, null)": "Value cannot be null. (Parameter 'metaData')",
      "linkTo('l', e, 'text')": "object expected (Parameter 'metaData')",
      "linkStreamTo('l')": "Value cannot be null. (Parameter 'linkedStreamId')",
      "linkStreamTo('l', 'x', {})": "The value is not an object",
    };
    for (const [call, fault] of Object.entries(faults)) assert.equal(await faultIn(call), fault, call);
  });
});

describe("emissions – where there is no event", () => {
  it("emissions – in the first $init fault, in a later one go out with the event", async () => {
    const early = when("$init() { emit('a', 'T', {}); return {} }, A() {}");
    await assert.rejects(early, { message: "Value cannot be null. (Parameter 'causedByTag')" });
    const later = await when("$init: () => ({ n: made++ && emit('a', 'T', {}) }), A() {}", "let made = 0;");
    later.handle(thing("A")).handler.initialize();
    assert.deepEqual(later.handle(thing("A")).emitted, [
      { stream: "a", type: "T", isJson: true, data: "{}", earlier: true },
    ]);
  });

  it("emissions – in partitionBy and $created belong to the event that is handled", async () => {
    const query = "e => { emit('a', 'Early', {}); return 'p' }";
    const { handler } = await project(
      `fromStream('things').partitionBy(${query}).when({ A() { emit('a', 'Own', {}) } })`,
    );
    for (const event of [thing("A"), thing("A")]) {
      handler.partitionOf(event);
      handler.initialize();
      assert.deepEqual(
        handler.process(event, "p").emitted.map(({ type, earlier }) => [type, earlier]),
        [
          ["Early", undefined],
          ["Own", undefined],
        ],
      );
    }
  });

  it("emissions – in a transformation go out with the event after it, marked as earlier", async () => {
    const p = await when("A(s) { emit('a', 'Own', {}) }", "", ".transformBy(s => { emit('a', 'Late', {}); return s })");
    p.handle(thing("A")).handler.transform();
    p.handle(thing("A"));
    assert.deepEqual(
      p.emitted.map(({ type, earlier }) => [type, earlier]),
      [
        ["Own", undefined],
        ["Late", true],
        ["Own", undefined],
      ],
    );
  });
});
