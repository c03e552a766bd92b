import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareTags, IncomparableTagsError } from "../../../src/projections/tags/compare.ts";
import { formatTag, tagMembers } from "../../../src/projections/tags/format.ts";
import { parseTag } from "../../../src/projections/tags/parse.ts";
import type { Tag } from "../../../src/projections/tags/tag.ts";
import { TagConversionError, taggerOf } from "../../../src/projections/tags/tagger.ts";
import { SOURCE } from "./fold-handler.ts";

const multi = (streams: Record<string, number>): Tag => ({
  mode: "MultiStream",
  streams: new Map(Object.entries(streams)),
});
const one = (stream: string, revision: number): Tag => ({ mode: "Stream", stream, revision });
const position = (commit: number): Tag => ({ mode: "Position", commit, prepare: commit });
const taggerOfStreams = (...streams: string[]) => taggerOf({ ...SOURCE, streams });

test("tags – read as the server writes them in status texts", () => {
  assert.equal(formatTag(one("orders-1", -1)), "orders-1: -1");
  assert.equal(formatTag(multi({ b: 2, a: -1 })), "b: 2; a: -1; ");
  assert.equal(formatTag(taggerOf({ ...SOURCE, allStreams: true }).zero), "C:0/P:-1");
  const byType = taggerOf({ ...SOURCE, allStreams: true, allEvents: false, events: ["Never", "Nor", "Never"] });
  assert.equal(formatTag(byType.zero), "C:0/P:-1; Never: -1; Nor: -1; ");
  assert.equal(formatTag(taggerOf({ ...SOURCE, categories: ["order"] }).zero), "$ce-order: -1");
});

test("tags – come back from the metadata they were written to", () => {
  const revisions = fc.dictionary(fc.string({ minLength: 1 }), fc.integer({ min: -1, max: 2 ** 50 }), { minKeys: 2 });
  const anyTag = fc.oneof(
    fc.nat().map(position),
    fc.tuple(fc.string(), fc.integer({ min: -1 })).map(([stream, revision]) => one(stream, revision)),
    revisions.map((streams) => multi(streams)),
    fc.tuple(fc.nat(), revisions).map(([commit, types]): Tag => ({
      mode: "EventTypeIndex",
      commit,
      prepare: commit,
      types: new Map(Object.entries(types)),
    })),
  );
  fc.assert(
    fc.property(anyTag, (tag) => {
      assert.deepEqual(parseTag(JSON.parse(`{${tagMembers(tag)}}`)), tag);
    }),
  );
});

test("tags – of no known form are none", () => {
  assert.equal(parseTag({ $s: "a" }), undefined);
  assert.equal(parseTag({ $s: { a: "1" } }), undefined);
  assert.equal(parseTag({ $c: 1 }), undefined);
  assert.deepEqual(parseTag({ $correlationId: "x" }), { mode: "Phase" });
  assert.deepEqual(parseTag({ $s: {} }), { mode: "Phase" });
});

test("tags – of several streams are ordered where one is ahead in all", () => {
  assert.ok(compareTags(multi({ a: 1, b: 0 }), multi({ a: 0, b: 0 })) > 0);
  assert.ok(compareTags(multi({ a: 0, b: 0 }), multi({ a: 0, b: 0, c: -1 })) < 0, "a stream of its own puts one ahead");
  assert.equal(compareTags(multi({ a: 3, b: 1 }), multi({ b: 1, a: 3 })), 0);
  assert.throws(() => compareTags(multi({ a: 1, b: 0 }), multi({ a: 0, b: 1 })), IncomparableTagsError);
  assert.throws(() => compareTags(one("a", 1), position(3)), IncomparableTagsError);
});

test("tags – over the whole log are ordered by their place alone", () => {
  const indexed: Tag = { mode: "EventTypeIndex", commit: 5, prepare: 5, types: new Map([["T", 3]]) };
  assert.equal(compareTags(indexed, { ...indexed, types: new Map([["T", -1]]) }), 0);
  assert.ok(compareTags(indexed, position(4)) > 0);
  assert.ok(compareTags(taggerOf({ ...SOURCE, allStreams: true }).zero, position(0)) < 0);
});

test("tags – advance only behind the last one", () => {
  const tagger = taggerOfStreams("a", "b");
  const first = tagger.advance(tagger.zero, { stream: "b", revision: 4, position: 100 });
  assert.deepEqual(first, multi({ a: -1, b: 4 }));
  assert.equal(tagger.advance(first!, { stream: "b", revision: 4, position: 100 }), undefined);
  assert.equal(tagger.advance(first!, { stream: "c", revision: 9, position: 101 }), undefined);
});

test("tags – advancing is strictly upwards, whatever comes in whatever order", () => {
  const tagger = taggerOfStreams("a", "b", "c");
  const place = fc.record({ stream: fc.constantFrom("a", "b", "c", "d"), revision: fc.nat(9), position: fc.nat() });
  fc.assert(
    fc.property(fc.array(place), (places) => {
      let last = tagger.zero;
      for (const each of places) {
        const next = tagger.advance(last, each);
        if (next === undefined) continue;
        assert.ok(compareTags(next, last) > 0);
        last = next;
      }
    }),
  );
});

test("tags – are carried over to changed sources stream by stream", () => {
  assert.deepEqual(taggerOfStreams("a", "b").adjust(one("a", 3)), multi({ a: 3, b: -1 }));
  assert.deepEqual(taggerOfStreams("b").adjust(multi({ a: 3, b: 1 })), one("b", 1));
  assert.deepEqual(taggerOfStreams("c").adjust(one("b", 1)), one("c", -1));
  assert.deepEqual(taggerOfStreams("c", "a").adjust(multi({ a: 3, b: 1 })), multi({ c: -1, a: 3 }));
});

test("tags – over the whole log are carried over with and without types", () => {
  const byType = taggerOf({ ...SOURCE, allStreams: true, allEvents: false, events: ["T"] });
  const adjusted = byType.adjust(position(7));
  assert.deepEqual(adjusted, { mode: "EventTypeIndex", commit: 7, prepare: 7, types: new Map([["T", -1]]) });
  assert.deepEqual(taggerOf({ ...SOURCE, allStreams: true }).adjust(adjusted), position(7));
});

test("tags – of another kind of source are refused in the server's words", () => {
  const refused = (adjust: () => unknown) => {
    try {
      adjust();
    } catch (error) {
      assert.ok(error instanceof TagConversionError);
      return error.message;
    }
    return assert.fail("not refused");
  };
  const byType = taggerOf({ ...SOURCE, allStreams: true, allEvents: false, events: ["T"] });
  const unsupported = (from: string, to: string) => `Conversion from ${from} to ${to} position tag is not supported`;
  assert.equal(
    refused(() => byType.adjust(one("a", 0))),
    unsupported("Stream", "EventTypeIndex"),
  );
  assert.equal(
    refused(() => taggerOfStreams("a").adjust(position(1))),
    unsupported("Position", "Stream"),
  );
  assert.match(
    refused(() => taggerOfStreams("a").adjust({ mode: "Phase" })),
    /^The given checkpoint is invalid\. .*Phase: 0$/,
  );
});
