import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { requireComponentName } from "../../src/topology/component-name.ts";
import { generateBackfill, generateFilter, readBackfill, readFilter } from "../../src/topology/filter.ts";
import { readHeader } from "../../src/topology/generated.ts";
import { generateCategoryRouter, generateRouter } from "../../src/topology/router.ts";
import { beginOf, minuteFrom, minuteOf, minuteText } from "../../src/topology/minute.ts";
import * as streams from "../../src/topology/stream-names.ts";
import { runProjection } from "./run-projection.ts";

const messageType = fc.stringMatching(/^[A-Za-z][A-Za-z0-9._:/+-]{0,30}$/);
const position = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const isName = (text: string): boolean => {
  try {
    requireComponentName(text);
    return true;
  } catch {
    return false;
  }
};
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.]{0,20}$/).filter(isName);
const event = (n: number, eventType: string, metadataRaw?: string) => ({
  eventType,
  streamId: "intermediate.C",
  sequenceNumber: n,
  ...(metadataRaw === undefined ? {} : { metadataRaw }),
});

test("router – what has a destination goes to that queue, the rest is published", () => {
  const { source, links } = runProjection(generateRouter("C").text, [
    event(0, "Charge", '{"sluice.destination":"D"}'),
    event(1, "Placed", "{}"),
    event(2, "Placed"),
    event(3, "Odd", "not json"),
    event(4, "Odd", '"text"'),
    event(5, "Odd", '{"sluice.destination":0}'),
    event(6, "Odd", '{"sluice.destination":""}'),
    event(7, "Odd", "null"),
  ]);
  assert.equal(source, "stream intermediate.C");
  assert.deepEqual(links[0], ["in.D-C.routed", "0@intermediate.C"]);
  assert.deepEqual(
    links.slice(1),
    [1, 2, 3, 4, 5, 6, 7].map((n) => ["out-C", `${n}@intermediate.C`]),
  );
});

test("router – 51. what is deferred waits in a stream of its minute, one for each router", () => {
  const deferred = '{"sluice.destination":"D","sluice.later":"202611290105"}';
  const { links } = runProjection(generateRouter("C").text, [
    event(0, "Charge", deferred),
    event(1, "Odd", '{"sluice.destination":"D","sluice.later":202611290105}'),
    event(2, "Odd", '{"sluice.later":"202611290105"}'),
  ]);
  assert.deepEqual(links, [
    [streams.routedLaterStream("D", "202611290105", "C"), "0@intermediate.C"],
    [streams.routedStream("D", "C"), "1@intermediate.C"],
    [streams.publishedStream("C"), "2@intermediate.C"],
  ]);
  const category = runProjection(generateCategoryRouter("order", "C").text, [
    { eventType: "Timeout", streamId: "order-1", sequenceNumber: 1, metadataRaw: deferred },
  ]);
  assert.deepEqual(category.links, [["later.D-202611290105.order.routed", "1@order-1"]]);
});

test("minutes – a minute's text is ordered as time is, and is read back", () => {
  const moment = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const [first, second] = [minuteOf(a), minuteOf(b)];
      assert.equal(minuteFrom(minuteText(first)), first);
      assert.ok(beginOf(first) <= a && a < beginOf(first + 1));
      assert.equal(minuteText(first) < minuteText(second), first < second);
    }),
  );
  for (const odd of ["", "2026", "202613010000", "202611290160", "20261129010a"])
    assert.equal(minuteFrom(odd), undefined);
});

test("router – the category router passes over what leads nowhere and over deletions", () => {
  const { source, links } = runProjection(generateCategoryRouter("order", "C").text, [
    { eventType: "Placed", streamId: "order-1", sequenceNumber: 0 },
    { eventType: null, streamId: null, sequenceNumber: -1 },
    { eventType: "$metadata", streamId: "$$order-1", sequenceNumber: 0 },
    { eventType: "Charge", streamId: "order-1", sequenceNumber: 1, metadataRaw: '{"sluice.destination":"D"}' },
  ]);
  assert.equal(source, "category order");
  assert.deepEqual(links, [
    ["out-order", "0@order-1"],
    ["in.D-order.routed", "1@order-1"],
  ]);
});

test("filter – each type passes from its own position on", () => {
  fc.assert(
    fc.property(
      name,
      fc.dictionary(messageType, position, { maxKeys: 6, noNullPrototype: true }),
      fc.array(fc.tuple(messageType, position), { maxLength: 20 }),
      (component, since, others) => {
        const subscriptions = new Map(Object.entries(since));
        const published = [
          ...others,
          ...[...subscriptions].flatMap(([type, at]) => [
            [type, at] as const,
            [type, Math.max(0, at - 1)] as const,
            [type, at + 1] as const,
          ]),
        ];
        const { source, links } = runProjection(
          generateFilter(component, subscriptions).text,
          published.map(([eventType, $c], n) => ({
            eventType,
            streamId: "s",
            sequenceNumber: n,
            linkMetadata: { $c },
          })),
        );
        assert.equal(source, "category out");
        const wanted = published.flatMap(([type, $c], n) =>
          $c >= (subscriptions.get(type) ?? Infinity) ? [[`in.${component}-subscriptions`, `${n}@s`]] : [],
        );
        assert.deepEqual(links, wanted);
      },
    ),
  );
});

test("filter – history before a subscription and the filter after it share every event exactly once", () => {
  fc.assert(
    fc.property(position, fc.array(position, { maxLength: 20 }), (until, at) => {
      const events = [...at, until, until + 1, Math.max(0, until - 1)].map(($c, n) => ({
        eventType: "T",
        streamId: "s",
        sequenceNumber: n,
        linkMetadata: { $c },
      }));
      const backfill = runProjection(generateBackfill("D", 1, new Map([["T", { from: 0, until }]])).text, events);
      const filter = runProjection(generateFilter("D", new Map([["T", until]])).text, events);
      assert.deepEqual(
        [...backfill.links, ...filter.links].map(([, link]) => link).toSorted(),
        events.map((_, n) => `${n}@s`).toSorted(),
      );
      assert.ok(backfill.links.every(([target]) => target === "in.D-backfill.1"));
    }),
  );
});

test("generator – the same input gives the same text, whatever the order it comes in, and reads back as it went in", () => {
  fc.assert(
    fc.property(
      name,
      fc.uniqueArray(fc.tuple(messageType, position), { selector: ([type]) => type }),
      (component, entries) => {
        const once = generateFilter(component, new Map(entries)).text;
        assert.equal(once, generateFilter(component, new Map(entries.toReversed())).text);
        assert.deepEqual(readFilter(once), new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))));
        const spans = new Map(entries.map(([type, at]) => [type, { from: 0, until: at }]));
        assert.deepEqual(readBackfill(generateBackfill(component, 3, spans).text), spans);
      },
    ),
  );
});

test("generator – the comment on top says what it is, and an edit by hand shows", () => {
  const { text } = generateFilter("billing", new Map([["sales.OrderPlaced", 7]]));
  assert.deepEqual(readHeader(text), { kind: "filter", component: "billing", intact: true });
  assert.deepEqual(readHeader(text.replace("< 7", "< 8")), { kind: "filter", component: "billing", intact: false });
  assert.deepEqual(readHeader(text.replace("of billing", "of shipping"))?.intact, false);
  assert.equal(readHeader("fromAll().when({})"), undefined);
});

test("generator – a filter that subscribes to nothing links nothing", () => {
  const { links } = runProjection(generateFilter("D", new Map()).text, [event(0, "T")]);
  assert.deepEqual(links, []);
});

test("names – no two writers share a stream: clients, routers, filters and tools", () => {
  // Names that are alike, so that a stream of one could be that of another.
  const alike = fc.constantFrom(
    "C",
    "C.2",
    "C.direct",
    "C.routed",
    "C.routed.2",
    "subscriptions",
    "subscriptions.2",
    "D.v2",
  );
  const names = fc.oneof(name, alike.filter(isName));
  fc.assert(
    fc.property(fc.uniqueArray(names, { minLength: 2, maxLength: 4 }), (names) => {
      const written = names.flatMap((c) => [
        streams.publishedStream(c),
        streams.publishedStream(c, 2),
        streams.directPublishedStream(c),
        streams.intermediateStream(c),
        ...names.flatMap((d) => [
          streams.directStream(d, c),
          streams.routedStream(d, c),
          streams.routedStream(d, c, 2),
        ]),
        streams.subscriptionsStream(c),
        streams.subscriptionsStream(c, 2),
        streams.deploymentStream(c),
        streams.backfillStream(c, 1),
        `in.${c}-retries`,
        `in.${c}-deferred`,
      ]);
      assert.equal(new Set(written).size, written.length);
    }),
  );
});
