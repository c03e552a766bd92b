import assert from "node:assert/strict";
import fc from "fast-check";
import { completionAt, pathsIn } from "../../../src/stream-panel/model/filter/completion.ts";
import { test } from "node:test";
import type { StreamEntry } from "../../../src/event-store/event-store.ts";
import { predicateOf } from "../../../src/stream-panel/model/filter/matches.ts";
import { parseFilter } from "../../../src/stream-panel/model/filter/parse-filter.ts";
import { serverFilter } from "../../../src/stream-panel/model/filter/server-filter.ts";
import { type MadeEvent, recorded } from "./memory-store.ts";

function lets(filter: string, entry: StreamEntry): boolean {
  const parsed = parseFilter(filter, NOW);
  assert.equal(parsed.problem, undefined, filter);
  return predicateOf(parsed.filter!)(entry);
}

/** An hour after the event. */
const NOW = Date.parse("2026-01-31T11:00");
const event = (made: MadeEvent): StreamEntry => ({ recorded: recorded("order-7", 3, made) });
const link = (target?: StreamEntry): StreamEntry => ({
  recorded: recorded("$ce-order", 0, { type: "$>", data: "3@order-7", isJson: false }),
  target: target?.recorded,
});

const placed = event({
  type: "OrderPlaced",
  data: '{"total":9007199254740993,"customer":{"first name":"Ann"},"note":"A Gift","code":"007","paid":true,"discount":null}',
  metadata: { $correlationId: "c-1" },
  created: Date.parse("2026-01-31T10:00"),
});

const LET_THROUGH = [
  "",
  "type:OrderPlaced",
  "type:Paid,Order*",
  "type:*Placed",
  "-type:OrderPaid",
  "stream:order-*",
  "gift",
  '"a gift"',
  "orderplaced",
  "meta:c-1",
  "meta:$.$correlationId=c-1",
  "$.total=9007199254740993",
  "$.total>9007199254740992",
  "$.total>=9007199254740993 $.total<9007199254740994",
  "-$.total=9007199254740992",
  "$.total>1.5",
  '$.customer["first name"]="Ann"',
  "$.note~gift",
  "$.code=007",
  "$.paid=true",
  "$.discount=null",
  "$.discount",
  "$.note!=other",
  "is:event is:json -is:link",
  "after:2026-01-31T10:00 before:2026-02-01",
  "after:2026-01-31 before:-15m after:9:30 after:-2h",
  'after:"2026-01-31 09:59"',
  '-"odd:word" -"total>5" -"$"',
];

const KEPT_BACK = [
  "type:Order",
  "type:orderplaced",
  "type:.*",
  "-gift",
  "meta:gift",
  "$.total=9007199254740992",
  "$.total>9007199254740993",
  "$.missing",
  "$.missing!=1",
  "$.note>5",
  "$.customer=Ann",
  "is:link",
  "is:binary",
  "before:2026-01-31T10:00",
  "gift type:Other",
];

for (const filter of LET_THROUGH)
  test(`filter – ${filter || "nothing"} lets it through`, () => assert.ok(lets(filter, placed)));
for (const filter of KEPT_BACK) test(`filter – ${filter} keeps it back`, () => assert.ok(!lets(filter, placed)));

test("filter – a link is judged by the event that it leads to", () => {
  assert.ok(lets("is:link type:OrderPlaced stream:order-7 $.paid=true", link(placed)));
  assert.ok(lets("is:broken", link()));
  assert.ok(!lets("is:broken", link(placed)));
});

test("filter – bodies that are no JSON have no paths, and can be told apart", () => {
  const binary = event({ bytes: Uint8Array.from([0, 255, 1]), isJson: false });
  assert.ok(!lets("$.a", binary));
  assert.ok(lets("is:binary -$.a", binary));
  assert.ok(lets("is:empty", event({ bytes: new Uint8Array() })));
  assert.ok(lets("is:text broken", event({ data: "{broken", isJson: false })));
});

for (const [text, kind, at] of [
  ["type:", "no-value", 5],
  ["is:green", "unknown-kind", 3],
  ["a $.total>", "no-value", 10],
  ["$.total?5", "no-path", 7],
  ['"open', "unclosed-quote", 0],
  ["after:tomorrow", "no-time", 6],
  ["typ:OrderPlaced", "unknown-word", 0],
  ["a https://example.org", "unknown-word", 2],
  ["total>5", "no-path", 0],
  ["$total", "no-path", 0],
] as const) {
  test(`filter – ${text} is refused where it is wrong`, () => {
    const { problem } = parseFilter(text, NOW);
    assert.equal(problem?.kind, kind);
    assert.equal(problem?.at, at);
  });
}

test("filter – completed by what is seen: words, types, streams, members", () => {
  const seen = { types: ["OrderPaid", "OrderPlaced", "a b"], streams: ["order-1"], paths: ["$.total", "$.to.city"] };
  const options = (filter: string) => completionAt(filter, filter.length, seen);
  assert.deepEqual(options("ty").options, ["type:"]);
  assert.deepEqual(options("gift -type:orderp"), { from: 11, to: 17, options: ["OrderPaid", "OrderPlaced"] });
  assert.deepEqual(options("type:OrderPaid,").options, ["OrderPaid", "OrderPlaced", '"a b"']);
  assert.deepEqual(options("stream:").options, ["order-1"]);
  assert.deepEqual(options("$.to").options, ["$.total", "$.to.city"]);
  assert.deepEqual(options("is:bi").options, ["binary"]);
  assert.deepEqual(options("$.total").options, [], "what stands there already is not offered");
  assert.deepEqual(pathsIn('{"a":1,"b":{"c d":[{"e":1}],"f":"{"},"g":2,"h":"cut'), [
    "$.a",
    "$.b",
    '$.b["c d"]',
    "$.b.f",
    "$.g",
    "$.h",
  ]);
  assert.deepEqual(pathsIn(String.raw`{"a\q":1,"b":2,"c\u00":{"d":3}}`), ["$.b"], "no JSON, written as such");
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(pathsIn(text))));
});

test("filter – what the server can decide is left to it: prefixes of types or streams, and nothing that is turned round", () => {
  const onServer = (text: string) => serverFilter(parseFilter(text, NOW).filter!);
  assert.deepEqual(onServer("gift type:Order*,Paid"), { on: "type", prefixes: ["Order", "Paid"] });
  assert.deepEqual(onServer("stream:order-*"), { on: "stream", prefixes: ["order-"] });
  assert.equal(onServer("-type:Order* type:*Placed gift"), undefined);
});
