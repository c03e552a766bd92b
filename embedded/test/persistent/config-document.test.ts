import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeConfig, encodeConfig } from "../../src/persistent/config-document.ts";
import type { GroupConfig } from "../../src/persistent/group-config.ts";

/** Plain objects, as the code makes them. */
const own = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;

const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const settings = own({
  resolveLinks: fc.boolean(),
  extraStatistics: fc.boolean(),
  messageTimeout: int,
  maxRetryCount: int,
  checkpointAfter: int,
  minCheckpointCount: int,
  maxCheckpointCount: int,
  maxSubscriberCount: int,
  liveBufferSize: int,
  readBatchSize: int,
  historyBufferSize: int,
  consumerStrategy: fc.constantFrom("RoundRobin", "DispatchToSingle", "Pinned", "PinnedByCorrelation"),
});
const prefix = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom(",", "a,b"));
const filter = fc.oneof(
  own({
    on: fc.constantFrom("stream", "type"),
    by: fc.constant("prefix" as const),
    values: fc.array(prefix, { minLength: 1 }),
  }),
  own({
    on: fc.constantFrom("stream", "type"),
    by: fc.constant("regex" as const),
    values: fc.tuple(fc.string()),
  }),
);
const target = fc.oneof(
  own({
    kind: fc.constant("stream" as const),
    stream: fc.string({ unit: "grapheme" }).filter((s) => s !== "$all"),
  }),
  own({ kind: fc.constant("all" as const), filter: fc.option(filter, { nil: undefined }) }),
);
const start = fc.oneof(fc.constantFrom("start", "end"), fc.integer({ min: 1, max: 2 ** 50 }));
const config = own({ target, group: fc.string({ unit: "grapheme" }), start, settings });

test("configuration – groups are read as they were written", () => {
  fc.assert(
    fc.property(fc.array(config as fc.Arbitrary<GroupConfig>), (groups) => {
      assert.deepEqual(decodeConfig(encodeConfig(groups, 0, "system")), groups);
    }),
  );
});

test("configuration – what is none is not taken for an empty one", () => {
  for (const text of ["", "{", "[]", "null", "{}", '{"entries":{}}', "1"]) {
    assert.equal(decodeConfig(Buffer.from(text)), undefined, text);
  }
  assert.deepEqual(decodeConfig(Buffer.from('{"entries":[]}')), []);
});
