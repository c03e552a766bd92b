import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProjectionEvent } from "../../../src/projections/handler.ts";
import { link, record } from "../records.ts";
import { project, stateAfter, thing, when } from "./projection.ts";

describe("handling – which handler", () => {
  it("handling – calls a type's own handler, else $any, else makes the body's text the state", async () => {
    const named = await when("A(s) { s.a = 1 }, B(s) { s.b = 1 }");
    assert.deepEqual(named.handle(thing("A"), thing("B")).state, { a: 1, b: 1 });
    const any = await when("$any(s, e) { (s.seen ??= []).push(e.eventType) }");
    assert.deepEqual(any.handle(thing("A"), thing("B")).state, { seen: ["A", "B"] });
    for (const query of ["fromStream('things')", "fromStream('things').when({ $init: () => ({ n: 1 }) })"]) {
      assert.equal((await project(query)).handle(thing("A", '{ "n": 1 }')).last?.state, '{ "n": 1 }');
    }
  });

  it("handling – gives state and event, and the global object for this unless strict", async () => {
    assert.deepEqual(await stateAfter("return [arguments.length, this === globalThis]"), [2, true]);
    assert.deepEqual(await stateAfter("'use strict'; return [typeof this]"), ["undefined"]);
  });

  it("handling – keeps the query's own globals, and none of the definition's", async () => {
    const counting = await when(
      "A() { globalThis.own = ++count; return { own, keys: Object.keys(globalThis) } }",
      "let count = 0;",
    );
    assert.deepEqual(counting.handle(thing("A"), thing("A")).state, { own: 2, keys: ["own"] });
    const gone =
      "['options', 'fromAll', 'fromStream', 'fromStreams', 'fromCategory', 'fromCategories', 'on_event', 'on_any']";
    assert.deepEqual(await stateAfter(`return ${gone}.filter((name) => name in globalThis)`), []);
    assert.deepEqual(await stateAfter("log = 5; emit = () => 'mine'; return [typeof log, emit()]"), [
      "function",
      "mine",
    ]);
  });
});

describe("handling – the state", () => {
  it("handling – begins with {} or what $init returns", async () => {
    const first = async (init: string): Promise<unknown> =>
      (await when(`${init} A: (s) => [typeof s, s === undefined ? "none" : s]`)).handle(thing("A")).state;
    assert.deepEqual(await first(""), ["object", {}]);
    assert.deepEqual(await first("$init: () => [1],"), ["object", [1]]);
    assert.deepEqual(await first("$init: () => 'x',"), ["string", "x"]);
    assert.deepEqual(await first("$init() {},"), ["undefined", "none"]);
    assert.deepEqual(await first("$init: () => null,"), ["object", null]);
  });

  it("handling – becomes what a handler returns; undefined leaves it as it was changed", async () => {
    assert.deepEqual(await stateAfter("s.n = 1"), { n: 1 });
    assert.deepEqual(await stateAfter("s.n = 1; return { other: 2 }"), { other: 2 });
    assert.deepEqual(await stateAfter("return 5.5"), 5.5);
    assert.deepEqual(await stateAfter("return false"), false);
    assert.deepEqual(await stateAfter("return e.body"), { n: 1 });
    assert.equal((await when("A: () => null")).handle(thing("A")).last?.state, null);
  });

  it("handling – takes a text as it is, and it stays a text within", async () => {
    assert.equal((await when("A: () => 'no JSON'")).handle(thing("A")).last?.state, "no JSON");
    const twice = await when(`A: (s) => typeof s === 'string' ? { was: s } : '{"a":1}'`);
    assert.deepEqual(twice.handle(thing("A"), thing("A")).state, { was: '{"a":1}' });
  });

  it("handling – lives on as the object it is, until another is loaded", async () => {
    const counting = await when("A(s) { s.is = s.d instanceof Date; s.d = new Date(0) }");
    assert.deepEqual(counting.handle(thing("A"), thing("A")).state, { is: true, d: {} });
    counting.handler.load('{"d":{},"loaded":1}');
    assert.deepEqual(counting.handle(thing("A")).state, { is: false, d: {}, loaded: 1 });
    counting.handler.initialize();
    assert.deepEqual(counting.handle(thing("A")).state, { is: false, d: {} });
  });

  it("handling – gives the same text for a state that does not change, and a new one after a load", async () => {
    const once = await when("A(s) { s.n = 1 }");
    const first = once.handle(thing("A")).last?.state;
    assert.equal(once.handle(thing("A")).last?.state, first);
    once.handler.load('{"n":0}');
    assert.equal(once.handle(thing("A")).last?.state, '{"n":1}');
  });

  it("handling – faults where a state to load is no JSON", async () => {
    const { handler } = await when("A() {}");
    assert.throws(() => handler.load("no JSON"), { message: "Unexpected token ILLEGAL in JSON at position 0" });
  });
});

describe("handling – a shared half", () => {
  const shared = "$init: () => ({ own: 0 }), $initShared: () => ({ all: 0 }), A(s) { s[0].own++; s[1].all++ }";

  it("handling – gives both halves, and loads each on its own", async () => {
    const both = await when(shared);
    const { state, shared: all } = both.handle(thing("A"), thing("A")).last ?? {};
    assert.deepEqual([state, all], ['{"own":2}', '{"all":2}']);
    both.handler.load('{"own":10}');
    both.handle(thing("A"));
    assert.deepEqual([both.last?.state, both.last?.shared], ['{"own":11}', '{"all":3}']);
    both.handler.loadShared('{"all":20}');
    both.handle(thing("A"));
    assert.deepEqual([both.last?.state, both.last?.shared], ['{"own":12}', '{"all":21}']);
  });

  it("handling – gives a shared half that changed beside one that did not", async () => {
    const p = await when("$initShared: () => ({ all: 0 }), A(s) { s[1].all++ }");
    p.handle(thing("A"), thing("A"));
    assert.deepEqual([p.last?.state, p.last?.shared], ["{}", '{"all":2}']);
  });

  it("handling – takes a pair that is returned, and faults on anything else", async () => {
    const option = "options({ biState: true });";
    const pair = (await when("A: () => [{ a: 1 }, { b: 2 }]", option)).handle(thing("A"));
    assert.deepEqual([pair.last?.state, pair.last?.shared], ['{"a":1}', '{"b":2}']);
    for (const none of ["{ neither: 1 }", "[{ a: 1 }]", "[{ a: 1 }, null]"]) {
      const other = await when(`A: () => (${none})`, option);
      assert.throws(() => other.handle(thing("A")), {
        message: "Value cannot be null. (Parameter 'data')",
        bare: true,
      });
    }
  });
});

describe("handling – partitions", () => {
  const of = (event: ProjectionEvent, by: string) => async () =>
    (await project(`fromStream('things').partitionBy(${by}).when({ $any() {} })`)).handler.partitionOf(event);

  it("handling – names a partition by a text or a number, as the server writes it", async () => {
    const event = thing("A", { key: "k" });
    assert.equal(await of(event, "e => e.body.key")(), "k");
    assert.equal(await of(event, "e => 7")(), "7");
    assert.equal(await of(event, "e => -0.25")(), "-0.25");
    assert.equal(await of(event, "e => 12345678901234567000")(), "1.2345678901234567E+19");
    assert.equal(await of(event, "e => ''")(), "");
    for (const nothing of ["null", "undefined", "true", "{}", "['k']"]) {
      assert.equal(await of(event, `e => (${nothing})`)(), null, nothing);
    }
  });

  it("handling – faults without a heading where partitionBy throws", async () => {
    await assert.rejects(of(thing("A"), "e => { throw new Error('no partition') }"), {
      message: "no partition",
      bare: true,
    });
  });

  it("handling – takes the stream, or the one that a category's link names, for foreachStream", async () => {
    const { handler } = await project("fromAll().foreachStream().when({ $any() {} })");
    const target = record("far", 3, "T");
    assert.equal(handler.partitionOf({ event: target, link: undefined }), "far");
    assert.equal(handler.partitionOf({ event: target, link: link("$ce-x", 0, "3@far", '{"$o":"x-1"}') }), "x-1");
    assert.equal(handler.partitionOf({ event: target, link: link("$ce-x", 0, "3@far", '{"$o":') }), "far");
    assert.equal(handler.partitionOf({ event: record("$$far", 0, "$metadata"), link: undefined }), "far");
    assert.equal(handler.partitionOf({ event: undefined, link: link("l", 0, "3@far") }), null);
  });

  it("handling – tells handlers their partition, and the category of the one they read", async () => {
    const query =
      "fromCategory('things').partitionBy(e => 'of ' + e.category).when({ A: (s, e) => [e.partition, e.category] })";
    const { handler } = await project(query);
    assert.equal(handler.partitionOf(thing("A")), "of things");
    assert.equal(handler.process(thing("A"), "of things").state, '["of things","things"]');
    assert.equal((await when("A: (s, e) => [e.partition, e.category]")).handle(thing("A")).last?.state, '["",null]');
  });
});

describe("handling – beginnings, ends, results", () => {
  it("handling – calls $created with the first event, whose category it does not tell", async () => {
    const query = `fromCategory('things').foreachStream().when({
      $created(s, e) { s.log = [e.streamId, e.partition, e.category]; linkTo('made', e) }, A(s) { s.log.push('A') } })`;
    const { handler } = await project(query);
    const event = thing("A");
    assert.equal(handler.processCreated(event, "p")[0]?.data, "0@things");
    assert.deepEqual(handler.process(event, "p"), { state: '{"log":["things","p","","A"]}', emitted: [] });
  });

  it("handling – calls $deleted with no event", async () => {
    const { handler } = await project(
      "fromAll().foreachStream().when({ $deleted(s, e, partition, soft) { s.gone = [e, partition, soft] }, A() {} })",
    );
    handler.initialize();
    assert.equal(handler.processDeleted("p").state, '{"gone":[null,"p",false]}');
  });

  it("handling – what $deleted emits goes out with the next event, under the tag of the one before", async () => {
    const { handler } = await project(
      "fromAll().foreachStream().when({ $deleted(s, e, p) { linkStreamTo('gone', p) }, A(s, e) { linkTo('out', e) } })",
    );
    handler.initialize();
    assert.deepEqual(handler.process(thing("A"), "p").emitted.length, 1);
    assert.deepEqual(handler.processDeleted("p").emitted, []);
    const { emitted } = handler.process(thing("A"), "q");
    assert.deepEqual(
      emitted.map(({ stream, data, earlier }) => [stream, data, earlier]),
      [
        ["gone", "p", true],
        ["out", "0@things", undefined],
      ],
    );
  });

  it("handling – makes results by transformations and filters in turn", async () => {
    const result = async (steps: string): Promise<string | null> =>
      (await when("A(s) { s.n = 4 }", "", steps)).handle(thing("A")).handler.transform();
    assert.equal(await result(".transformBy(s => ({ twice: s.n * 2 })).transformBy(s => [s.twice])"), "[8]");
    assert.equal(await result(".transformBy(s => 'n=' + s.n)"), '"n=4"');
    assert.equal(await result(".transformBy(s => {})"), null);
    assert.equal(await result(".transformBy(s => null).transformBy(s => s.never.asked)"), null);
    assert.equal(await result(".filterBy(s => s.n > 3).transformBy(s => s.n)"), "4");
    assert.equal(await result(".filterBy(s => 1)"), null);
    assert.equal(await result(".$defines_state_transform()"), '{"n":4}');
  });

  it("handling – lets a transformation change the state it is given", async () => {
    const changing = (
      await when("A(s) { s.n = (s.n || 0) + 1 }", "", ".transformBy(s => { s.n = -1; return s })")
    ).handle(thing("A"));
    assert.equal(changing.handler.transform(), '{"n":-1}');
    assert.deepEqual(changing.handle(thing("A")).state, { n: 0 });
  });
});
