import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { generateBackfill, generateFilter, readBackfill, readFilter } from "../../src/topology/filter.ts";
import { matches } from "../../src/topology/pattern.ts";
import { generateRouter, readRouter, routeOf } from "../../src/topology/router.ts";
import { generateCategoryRouter } from "../../src/topology/router.ts";
import { runProjection } from "./run-projection.ts";

const type = fc.constantFrom("sales.Placed", "sales.Placed.Big", "sales.BigPlaced", "salesman.Hired", "sales");
const pattern = fc.oneof(
  type,
  type.map((of) => `${of}*`),
  fc.constantFrom("sales.*", "salesman.*"),
);

test("filter – 33. a base type gets what extends it, a namespace all its types, two bases once: as the pattern says", () => {
  fc.assert(
    fc.property(
      fc.dictionary(pattern, fc.nat(20), { noNullPrototype: true }),
      fc.array(fc.record({ type, bases: fc.option(fc.uniqueArray(type)), at: fc.nat(20) })),
      (since, published) => {
        const subscriptions = new Map(Object.entries(since));
        const { text } = generateFilter("D", subscriptions, 2);
        assert.deepEqual(new Map([...readFilter(text)].toSorted()), new Map([...subscriptions].toSorted()));
        const { links } = runProjection(
          text,
          published.map(({ type, bases, at }, n) => ({
            eventType: type,
            streamId: "s",
            sequenceNumber: n,
            metadataRaw: bases === null ? "no json" : JSON.stringify({ "sluice.baseTypes": bases.join(",") }),
            linkMetadata: { $c: at },
          })),
        );
        const due = published.flatMap(({ type, bases, at }, n) =>
          [...subscriptions].some(([pattern, from]) => at >= from && matches(pattern, type, bases ?? []))
            ? [["in.D-subscriptions.2", `${n}@s`]]
            : [],
        );
        assert.deepEqual(links, due);
      },
    ),
  );
});

test("filter – where types alone decide it has named handlers, so that the server picks them out; otherwise it passes over what leads nowhere", () => {
  assert.match(generateFilter("D", new Map([["sales.Placed", 1]])).text, /"sales\.Placed"\(state, e\)/);
  const { text } = generateFilter("D", new Map([["sales.*", 0]]));
  assert.match(text, /\$any/);
  const nowhere = { eventType: null, streamId: null, sequenceNumber: -1 };
  const deleted = { eventType: "$metadata", streamId: "$$x", sequenceNumber: 0 };
  assert.deepEqual(runProjection(text, [nowhere, deleted]).links, []);
  const spans = new Map([["sales.*", { from: 1, until: 9 }]]);
  assert.deepEqual(readBackfill(generateBackfill("D", 1, spans).text), spans);
  const at = [0, 1, 8, 9].map(($c, n) => ({
    eventType: "sales.A",
    streamId: "s",
    sequenceNumber: n,
    linkMetadata: { $c },
  }));
  const backfilled = runProjection(generateBackfill("D", 1, spans).text, at).links;
  assert.deepEqual(
    backfilled.map(([, link]) => link),
    ["1@s", "2@s"],
  );
});

test("filter – a base type is found under a name that is written with escapes, too", () => {
  const { text } = generateFilter("D", new Map([["sales.Placed*", 0]]));
  const event = { eventType: "sales.BigPlaced", streamId: "s", linkMetadata: { $c: 0 } };
  const said = [
    '{"sluice.baseTypes":"sales.Placed"}',
    '{"sluice\\u002ebaseTypes":"sales.Placed"}',
    '{"x":"sales.Placed"}',
  ];
  const events = said.map((metadataRaw, sequenceNumber) => ({ ...event, sequenceNumber, metadataRaw }));
  assert.deepEqual(
    runProjection(text, events).links.map(([, link]) => link),
    ["0@s", "1@s"],
  );
});

test("router – a later generation has streams of its own, begins where its text says, and routes as can be told from outside", () => {
  const metadata = fc.oneof(
    fc.constant(undefined),
    fc.record(
      {
        "sluice.destination": fc.constantFrom("D", "E", "", 0, null),
        "sluice.later": fc.constantFrom("2026-11-29T02:36", "", 0, null),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.nat(6),
      fc.array(metadata, { maxLength: 9 }),
      (generation, since, sent) => {
        const events = sent.map((said, n) => ({
          eventType: n === 3 ? "$metadata" : "T",
          streamId: "s",
          sequenceNumber: n,
          ...(said === undefined ? {} : { metadataRaw: JSON.stringify(said) }),
          linkMetadata: { $c: n },
        }));
        const due = events.flatMap(({ eventType }, n) => {
          const target = routeOf("C", generation, eventType, sent[n] ?? {});
          return n < since || target === undefined ? [] : [[target, `${n}@s`]];
        });
        for (const { text } of [
          generateRouter("C", { generation, since }),
          generateCategoryRouter("C", "owner", { generation, since }),
        ]) {
          assert.deepEqual(runProjection(text, events).links, due);
          assert.equal(readRouter(text), since);
        }
      },
    ),
  );
  assert.equal(routeOf("C", 2, "T", { "sluice.destination": "D" }), "in.D-C.routed.2");
  assert.equal(routeOf("C", 1, "T", {}), "out-C");
});
