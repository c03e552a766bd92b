import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SourceDefinition } from "../../../src/projections/handler.ts";
import { definitionOf, refusalOf } from "./projection.ts";

/** What a definition says beyond an empty one that takes all events. */
async function said(query: string): Promise<Partial<SourceDefinition>> {
  const usual = { allStreams: false, streams: [], categories: [], allEvents: true, events: [] };
  return Object.fromEntries(
    Object.entries(await definitionOf(query)).filter(([key, value]) => {
      const normal = key in usual ? usual[key as keyof typeof usual] : false;
      return value !== undefined && JSON.stringify(value) !== JSON.stringify(normal);
    }),
  );
}

describe("definition – sources", () => {
  it("definition – names streams, one or several, as a list or as arguments", async () => {
    assert.deepEqual(await said("fromStream('a')"), { streams: ["a"] });
    assert.deepEqual(await said("fromStreams(['a', 'b'])"), { streams: ["a", "b"] });
    assert.deepEqual(await said("fromStreams('a', 'b')"), { streams: ["a", "b"] });
    assert.deepEqual(await said("fromStream('a'); fromStream('b')"), { streams: ["a", "b"] });
  });

  it("definition – turns several categories, and a list of one, into their streams", async () => {
    assert.deepEqual(await said("fromCategory('a')"), { categories: ["a"] });
    for (const query of ["fromCategory('a', 'b')", "fromCategory(['a', 'b'])", "fromCategories('a', 'b')"]) {
      assert.deepEqual(await said(query), { streams: ["$ce-a", "$ce-b"] });
    }
    assert.deepEqual(await said("fromCategory(['a'])"), { streams: ["$ce-a"] });
  });

  it("definition – refuses sources that are missing, no texts, or of two kinds", async () => {
    const none = "None of streams and categories are included";
    const refusals: Record<string, string> = {
      "": none,
      "options({})": none,
      "fromStreams([])": none,
      "fromStream(5)": "stream",
      "fromStreams('a', 5)": "streams",
      "fromCategory(5)": "category",
      "fromCategory(['a', 5])": "categories",
      "fromAll(); fromStream('a')": "Both FromAll and specific categories/streams cannot be set",
      "fromCategory('a'); fromStream('b')": "Streams and categories cannot be included in a filter at the same time",
      "fromEverything()": "fromEverything is not defined",
    };
    for (const [query, refusal] of Object.entries(refusals)) assert.equal(await refusalOf(query), refusal, query);
  });
});

describe("definition – handlers", () => {
  it("definition – takes named types, or everything", async () => {
    const fold = { streams: ["a"], definesFold: true };
    assert.deepEqual(await said("fromStream('a').when({})"), fold);
    assert.deepEqual(await said("fromStream('a').when({ A() {}, B: (s) => s })"), {
      ...fold,
      allEvents: false,
      events: ["A", "B"],
    });
    assert.deepEqual(await said("fromStream('a').when({ $any() {}, A() {} })"), {
      ...fold,
      allEvents: false,
      events: ["A"],
    });
    assert.equal(
      await refusalOf("fromStream('a').when({ A() {}, $any() {} })"),
      "Both AllEvents and specific event filters cannot be set",
    );
  });

  it("definition – counts only the own functions that the query wrote itself", async () => {
    const query = `class Handlers { Inherited() {} }
      fromStream('a').when(Object.assign(new Handlers(), { No: 5, Bound: (function () {}).bind(null), Built: Object.keys, Yes() {} }))`;
    assert.deepEqual((await definitionOf(query)).events, ["Yes"]);
  });

  it("definition – takes handlers one by one, each type once", async () => {
    assert.deepEqual((await definitionOf("fromStream('a'); on_event('A', () => {}); on_event('B', () => {})")).events, [
      "A",
      "B",
    ]);
    assert.equal((await definitionOf("fromStream('a'); on_any(() => {})")).allEvents, true);
    assert.equal(
      await refusalOf("fromStream('a'); on_event('A', () => {}); on_event('A', () => {})"),
      "An item with the same key has already been added. Key: A",
    );
    assert.equal(await refusalOf("fromStream('a'); on_event('A')"), "invalid number of parameters");
  });

  it("definition – hears of deleted streams only stream by stream, and without a shared state", async () => {
    const { byStreams, handlesDeletedNotifications } = await definitionOf(
      "fromAll().foreachStream().when({ $deleted() {} })",
    );
    assert.ok(byStreams && handlesDeletedNotifications);
    assert.equal(
      await refusalOf("fromStream('a').when({ $deleted() {} })"),
      "Deleted stream notifications are only supported with foreachStream()",
    );
    assert.equal(
      await refusalOf("fromCategory('a').foreachStream().when({ $initShared() {}, $deleted() {} })"),
      "Cannot handle deletes in bi-state projections",
    );
  });
});

describe("definition – steps", () => {
  it("definition – keeps what each step says", async () => {
    const query = `fromCategory('a').partitionBy(e => e.streamId).when({ A() {} })
      .transformBy(s => s).filterBy(s => true).outputTo('results', 'results-{0}')`;
    assert.deepEqual(await said(query), {
      categories: ["a"],
      allEvents: false,
      events: ["A"],
      definesFold: true,
      byCustomPartitions: true,
      definesStateTransform: true,
      producesResults: true,
      resultStreamName: "results",
      partitionResultStreamNamePattern: "results-{0}",
    });
    assert.ok((await definitionOf("fromStream('a').when({}).outputState()")).producesResults);
    assert.ok((await definitionOf("fromStream('a').when({}).$defines_state_transform()")).definesStateTransform);
    assert.ok((await definitionOf("const from = fromStream('a'); from.when({ $initShared() {} })")).biState);
  });

  it("definition – offers after each step only what may follow it", async () => {
    const wrong: Record<string, string> = {
      "fromStream('a').foreachStream()": "foreachStream",
      "fromStream('a').transformBy(s => s)": "transformBy",
      "fromStream('a').when({}).when({})": "when",
      "fromStream('a').when({}).partitionBy(e => 'x')": "partitionBy",
      "fromStream('a').outputState().when({})": "when",
      "fromAll().foreachStream().outputState()": "outputState",
    };
    for (const [query, step] of Object.entries(wrong)) {
      assert.equal(await refusalOf(query), `Property '${step}' of object is not a function`, query);
    }
    assert.match(await refusalOf("fromStream('a').when({}).outputTo('x').outputState()"), /'outputState' of undefined/);
  });

  it("definition – refuses steps with wrong arguments", async () => {
    const refusals: Record<string, string> = {
      "partitionBy('type')": "partitionBy",
      "when({}).transformBy({})": "expected function",
      "when({}).filterBy()": "expected function",
      "when({}).outputTo()": "invalid number of parameters",
      "when({}).outputTo(5)": "expected string value (Parameter 'resultStream')",
    };
    for (const [step, refusal] of Object.entries(refusals))
      assert.equal(await refusalOf(`fromStream('a').${step}`), refusal);
  });
});

describe("definition – options", () => {
  it("definition – reads options in any case, and ignores what is no object", async () => {
    const query =
      "options({ $INCLUDELINKS: true, ProcessingLag: 70.9, reorderEvents: true, resultStreamName: 'r', biState: true })";
    const { includeLinks, processingLag, reorderEvents, resultStreamName, biState } = await definitionOf(
      `${query}; fromStreams('a', 'b')`,
    );
    assert.deepEqual(
      [includeLinks, processingLag, reorderEvents, resultStreamName, biState],
      [true, 70, true, "r", true],
    );
    for (const options of ["", "null", "'text'", "{}", "{ resultStreamName: '' }"]) {
      assert.deepEqual(await said(`options(${options}); fromStream('a')`), { streams: ["a"] });
    }
  });

  it("definition – refuses options that it does not know or whose value is of another kind", async () => {
    assert.equal(await refusalOf("options({ includeLinks: true })"), "Unrecognized option: includeLinks");
    for (const wrong of [
      "$includeLinks: 1",
      "reorderEvents: 'true'",
      "processingLag: '1'",
      "resultStreamName: 5",
      "biState: null",
    ]) {
      assert.equal(await refusalOf(`options({ ${wrong} }); fromStream('a')`), "Invalid value", wrong);
    }
  });

  it("definition – reorders the events of several streams, with a lag", async () => {
    const only = "Event reordering is only available in fromStreams([]) projections";
    const reorder = (lag: string, source: string) => refusalOf(`options({ reorderEvents: true ${lag} }); ${source}`);
    assert.equal(await reorder(", processingLag: 50", "fromAll()"), "Event reordering cannot be used with fromAll()");
    assert.equal(await reorder(", processingLag: 50", "fromStream('a')"), only);
    assert.equal(await reorder(", processingLag: 50", "fromCategory('a')"), only);
    const tooShort = ["49", "49.9", "-1", "0 / 0", "1 / 0", "2 ** 31"].map((lag) => `, processingLag: ${lag}`);
    for (const lag of ["", ...tooShort]) {
      assert.equal(
        await reorder(lag, "fromStreams('a', 'b')"),
        "Event reordering requires processing lag at least of 50ms",
        lag,
      );
    }
  });
});

describe("definition – texts of faults", () => {
  it("definition – names line and token where the query is no JavaScript", async () => {
    const faults: Record<string, string> = {
      "fromAll().when({": "Line 1: Unexpected end of input",
      "fromAll(\n\n": "Line 3: Unexpected end of input",
      "fromAll()\nthis is wrong": "Line 2: Unexpected identifier",
      "fromAll() 5": "Line 1: Unexpected number",
      "fromAll()\n\n 'text' \"more\"": "Line 3: Unexpected string",
      "fromAll(]": "Line 1: Unexpected token ]",
      "const a = = 5": "Line 1: Unexpected token =",
      "return 1": "Line 1: Illegal return statement",
      "'ends": "Line 1: Unexpected token ILLEGAL",
    };
    for (const [query, fault] of Object.entries(faults)) assert.equal(await refusalOf(query), fault, query);
  });

  it("definition – says what is wrong where that is no token out of place, in the words of the server's parser", async () => {
    const faults: Record<string, string> = {
      "\nif (a == 1 = 2) {}": "Line 2: Invalid left-hand side in assignment",
      "f()++": "Line 1: Invalid left-hand side in assignment",
      "++1": "Line 1: Invalid left-hand side in assignment",
      "fromAll().when({ $any: (s, e) = > s })": "Line 1: Invalid left-hand side in assignment",
      "for (1 of []) ;": "Line 1: Invalid left-hand side in for-loop",
      "try {\n}\n\nfromAll()": "Line 2: Missing catch or finally after try",
      "const r = /[/\n": "Line 1: Invalid regular expression: missing /",
      "/ab": "Line 1: Invalid regular expression: missing /",
      "for (;;) { continue outer }": "Line 1: Undefined label 'outer'",
      "switch (1) { default: default: }": "Line 1: More than one default clause in switch statement",
      "class A { constructor() {} constructor() {} }": "Line 1: A class may only have one constructor",
      "({ __proto__: a, __proto__: b })": "Line 1: Duplicate __proto__ fields are not allowed in object literals",
      "let let = 1": "Line 1: let is disallowed as a lexically bound name",
      "throw\nx": "Line 1: Illegal newline after throw",
      "'use strict'; with (a) {}": "Line 1: Strict mode code may not include a with statement",
      "'use strict'; a = 010": "Line 1: Octal literals are not allowed in strict mode.",
      "'use strict'; delete a": "Line 1: Delete of an unqualified identifier in strict mode.",
      "'use strict'; eval = 1": "Line 1: Assignment to eval or arguments is not allowed in strict mode",
      "const t = `a\n\n": "Line 3: Unexpected token ILLEGAL",
      "a /* b\n\nc": "Line 3: Unexpected token ILLEGAL",
    };
    for (const [query, fault] of Object.entries(faults)) assert.equal(await refusalOf(query), fault, query);
  });

  it("definition – passes on what the query throws", async () => {
    assert.equal(await refusalOf("throw new Error('set up wrong')"), "set up wrong");
    assert.equal(await refusalOf("throw 'text'"), "text");
    assert.equal(await refusalOf("emit('a', 'b', {})"), "emit is not defined");
    assert.equal(await refusalOf("try { fromStream(5) } catch {} fromStream('a')"), "stream");
  });
});
