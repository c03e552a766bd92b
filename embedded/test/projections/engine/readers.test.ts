import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { AllPages } from "../../../src/projections/readers/all-pages.ts";
import { Heading } from "../../../src/projections/readers/heading.ts";
import { sourceReaderOf, type Sources } from "../../../src/projections/readers/source-reader-of.ts";
import type { SourceEvent, SourceReader } from "../../../src/projections/readers/source-reader.ts";
import { Subscription } from "../../../src/projections/readers/subscription.ts";
import { formatTag } from "../../../src/projections/tags/format.ts";
import { taggerOf } from "../../../src/projections/tags/tagger.ts";
import type { SourceDefinition } from "../../../src/projections/handler.ts";
import type { EventStore } from "../../../src/streams/event-store.ts";
import { numberOf, SOURCE } from "./fold-handler.ts";
import { jsonRecord, linkRecord, openStore, send } from "./test-store.ts";
import { until } from "../../until.ts";

const stores: EventStore[] = [];
after(() => Promise.all(stores.map((store) => store.close())));

function sources(now = Date.now): Sources & { readonly store: EventStore } {
  const store = openStore();
  stores.push(store);
  return { store, pages: new AllPages(store), heading: new Heading(store), indexedTo: () => -1, now };
}

const definition = (some: Partial<SourceDefinition>): SourceDefinition => ({ ...SOURCE, ...some });

function reader(of: Sources, some: Partial<SourceDefinition>, last?: number): SourceReader {
  const from = taggerOf(definition(some)).zero;
  return sourceReaderOf(
    of,
    definition(some),
    from.mode === "Stream" && last !== undefined ? { ...from, revision: last } : from,
  );
}

/** All that is there now. */
function readAll(from: SourceReader): SourceEvent[] {
  const events: SourceEvent[] = [];
  for (;;) {
    const page = from.read();
    events.push(...page.events);
    if (page.isAtEnd) return events;
  }
}

const numbers = (events: readonly SourceEvent[]) => events.map(({ event }) => numberOf(event));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test("one stream – is read from its beginning, page by page, and on", async () => {
  const of = sources();
  const one = reader(of, { streams: ["s"] });
  assert.deepEqual(readAll(one), [], "a stream that is not there yet");
  await send(of.store, "s", ...range(0, 250));
  assert.deepEqual(numbers(readAll(one)), range(0, 250));
  await send(of.store, "s", 250);
  assert.deepEqual(numbers(readAll(one)), [250]);
});

test("one stream – truncated at its beginning is read from what is left", async () => {
  const of = sources();
  await send(of.store, "s", ...range(0, 10));
  await of.store.append("$$s", "any", [jsonRecord("$metadata", { $tb: 7 })]);
  assert.deepEqual(numbers(readAll(reader(of, { streams: ["s"] }))), [7, 8, 9]);
});

test("one stream – truncated above where the reader stands loses the rest of the page", async () => {
  const of = sources();
  await send(of.store, "s", ...range(0, 200));
  await of.store.append("$$s", "any", [jsonRecord("$metadata", { $tb: 20 })]);
  const [first] = numbers(readAll(reader(of, { streams: ["s"] }, 9)));
  assert.equal(first, 10 + 111, "the page that begins with the gap is lost");
});

test("one stream – a gap as long as a page goes unnoticed", async () => {
  const of = sources();
  await send(of.store, "s", ...range(0, 300));
  await of.store.append("$$s", "any", [jsonRecord("$metadata", { $tb: 150 })]);
  assert.deepEqual(numbers(readAll(reader(of, { streams: ["s"] }, 9))), range(150, 300));
});

test("one stream – links into streams that are gone are passed over, links to lost events are not", async () => {
  const of = sources();
  await send(of.store, "target", 0, 1);
  await of.store.append(
    "s",
    "any",
    ["1@target", "7@target", "0@nowhere"].map((target) => linkRecord(target)),
  );
  const events = readAll(reader(of, { streams: ["s"] }));
  assert.deepEqual(
    events.map(({ event, place }) => [place.revision, event.event?.revision, event.leadsToDeletedStream]),
    [
      [0, 1, undefined],
      [1, undefined, false],
    ],
  );
});

test("several streams – come merged in the order of the log, whoever was written when", async () => {
  const names = ["a", "b", "c"];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...names), fc.boolean()), { maxLength: 60 }), async (writes) => {
      const of = sources();
      const several = reader(of, { streams: names });
      const stop = several.watch(() => {});
      const got: number[] = [];
      for (const [i, [stream, readsNow]] of writes.entries()) {
        await send(of.store, stream, i);
        if (readsNow) got.push(...numbers(readAll(several)));
      }
      got.push(...numbers(readAll(several)));
      stop();
      assert.deepEqual(got, range(0, writes.length));
    }),
    { numRuns: 20 },
  );
});

test("several categories – come in the order of what their links stand for", async () => {
  const of = sources();
  const entry = (target: string, position: number) =>
    linkRecord(target, { $v: "3:-1:1:4", $c: position, $p: position });
  for (const n of [0, 1, 2, 3]) await send(of.store, n % 2 === 0 ? "even-1" : "odd-1", n);
  await of.store.append("$ce-even", "any", [entry("0@even-1", 100), entry("1@even-1", 300)]);
  await of.store.append("$ce-odd", "any", [entry("0@odd-1", 200), entry("1@odd-1", 400)]);
  assert.deepEqual(numbers(readAll(reader(of, { streams: ["$ce-even", "$ce-odd"] }))), [0, 1, 2, 3]);
});

test("reordering – holds an event back until it is old enough", async () => {
  let time = Date.now();
  const of = sources(() => time);
  const several = reader(of, { streams: ["a", "b"], reorderEvents: true, processingLag: 1000 });
  several.watch(() => {});
  await send(of.store, "b", 0);
  await send(of.store, "a", 1);
  time = Date.now();
  const page = several.read();
  assert.deepEqual(page.events, []);
  assert.ok(page.retryAfter !== undefined && page.retryAfter > 0 && page.retryAfter <= 1001);
  time += 2000;
  assert.deepEqual(numbers(several.read().events), [0, 1]);
});

test("the whole log – leaves out the system's streams and keeps metadata of users'", async () => {
  const of = sources();
  await send(of.store, "user", 0);
  await send(of.store, "$system", 1);
  await of.store.append("$$user", "any", [jsonRecord("$metadata", { n: 2 })]);
  await of.store.append("$$$system", "any", [jsonRecord("$metadata", { n: 3 })]);
  await of.store.append("links", "any", [linkRecord("0@user")]);
  assert.deepEqual(numbers(readAll(reader(of, { allStreams: true }))), [0, 2]);
});

test("the whole log – links are events of their own until the reader has caught up, then they are followed", async () => {
  const of = sources();
  await send(of.store, "user", 0);
  await of.store.append("links", "any", [linkRecord("0@user")]);
  const all = reader(of, { allStreams: true, includeLinks: true });
  assert.deepEqual(
    readAll(all).map(({ event }) => event.event?.type),
    ["T", "$>"],
  );
  await of.store.append("links", "any", [linkRecord("0@user")]);
  assert.deepEqual(
    readAll(all).map(({ event }) => [event.event?.type, event.link?.stream]),
    [["T", "links"]],
  );
});

test("types – come from the index as far as it reaches, then from the log, then live", async () => {
  const of = sources();
  const placeOf = async (n: number) => {
    const appended = await of.store.append("s", "any", [jsonRecord("T", { n }), jsonRecord("Other", {})]);
    return appended.outcome === "appended"
      ? of.store
          .readAll({ from: 0, direction: "forwards", maxCount: 1000 })
          .records.filter(({ type }) => type === "T")
          .at(-1)!.position
      : assert.fail();
  };
  const indexed = [await placeOf(0), await placeOf(1)];
  for (const [i, position] of indexed.entries()) {
    await of.store.append("$et-T", "any", [linkRecord(`${i * 2}@s`, { $v: "4:-1:1:4", $c: position, $p: position })]);
  }
  await placeOf(2);
  const some = { allStreams: true, allEvents: false, events: ["T"] };
  const types = reader({ ...of, indexedTo: () => indexed[1]! }, some);
  let wakes = 0;
  const stop = types.watch(() => wakes++);
  const events = readAll(types);
  assert.deepEqual(numbers(events), [0, 1, 2]);
  assert.deepEqual(
    events.map(({ place }) => place.indexedType),
    ["T", "T", undefined],
  );
  await send(of.store, "elsewhere", 3);
  await until("the follower is woken", () => wakes > 0);
  assert.deepEqual(numbers(readAll(types)), [3]);
  await of.store.append("s", "any", [jsonRecord("Other", {})]);
  await send(of.store, "elsewhere", 4);
  await until("the follower is woken again", () => wakes > 1);
  assert.equal(wakes, 2, "events of other types wake nobody");
  stop();
});

test("types – a follower that does not keep up loses nothing", async () => {
  const of = sources();
  const types = reader(of, { allStreams: true, allEvents: false, events: ["T"] });
  let wakes = 0;
  const stop = types.watch(() => wakes++);
  assert.deepEqual(readAll(types), []);
  for (let i = 0; i < 5000; i += 500) await send(of.store, "s", ...range(i, i + 500));
  await until("all were offered", () => wakes > 2000);
  assert.deepEqual(numbers(readAll(types)), range(0, 5000));
  stop();
});

test("live – every source hands over what was written, whatever hides it a moment later", async () => {
  const write = fc.record({ stream: fc.constantFrom("a", "b"), count: fc.integer({ min: 1, max: 9 }) });
  const hide = fc.constantFrom("truncate", "cap", "delete", "read" as const);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(write, hide), { maxLength: 12 }), fc.boolean(), async (steps, isEnded) => {
      const of = sources();
      const readers = {
        a: reader(of, { streams: ["a"] }),
        both: reader(of, { streams: ["a", "b"] }),
        types: reader(of, { allStreams: true, allEvents: false, events: ["T"] }),
      };
      const got = { a: [] as number[], both: [] as number[], types: [] as number[] };
      const readOn = () => {
        for (const name of ["a", "both", "types"] as const) got[name].push(...numbers(readAll(readers[name])));
      };
      readOn();
      const written: { readonly stream: string; readonly n: number }[] = [];
      for (const [{ stream, count }, step] of steps) {
        const events = range(written.length, written.length + count);
        written.push(...events.map((n) => ({ stream, n })));
        // Without waiting in between: one commit holds both.
        const appended = send(of.store, stream, ...events);
        const metadata = step === "cap" ? { $maxCount: 1 } : { $tb: written.length };
        if (step === "read") readOn();
        else if (step === "delete") await of.store.delete(stream, "any");
        else await of.store.append(`$$${stream}`, "any", [jsonRecord("$metadata", metadata)]);
        await appended;
      }
      if (isEnded) await of.store.tombstone("a", "any");
      readOn();
      const all = written.map(({ n }) => n);
      assert.deepEqual(got, {
        a: written.filter(({ stream }) => stream === "a").map(({ n }) => n),
        both: all,
        types: all,
      });
    }),
    { numRuns: 30 },
  );
});

test("live – more than may wait is read on in the log, truncated or not", async () => {
  const of = sources();
  const one = reader(of, { streams: ["s"] });
  const several = reader(of, { streams: ["s", "t"] });
  const both = [one, several];
  for (const each of both) assert.deepEqual(readAll(each), []);
  const before = send(of.store, "s", ...range(0, 3000));
  await of.store.append("$$s", "any", [jsonRecord("$metadata", { $maxCount: 1 })]);
  await before;
  for (const each of both) assert.deepEqual(numbers(readAll(each)), range(0, 3000));
  await send(of.store, "s", 3000, 3001);
  for (const each of both) assert.deepEqual(numbers(readAll(each)), [3000, 3001]);
});

test("live – a link is followed when it is committed, not when its turn comes", async () => {
  const of = sources();
  const links = reader(of, { streams: ["links"] });
  assert.deepEqual(readAll(links), []);
  await send(of.store, "target", 7);
  await of.store.append("links", "any", [linkRecord("0@target")]);
  await of.store.delete("target", "any");
  assert.deepEqual(numbers(readAll(links)), [7]);
});

test("several streams – one that is written again while another is still read loses nothing", async () => {
  const of = sources();
  await send(of.store, "long", ...range(0, 150));
  const several = reader(of, { streams: ["short", "long"] });
  const first = several.read();
  assert.equal(first.isAtEnd, false);
  await send(of.store, "short", 150);
  assert.deepEqual(numbers([...first.events, ...readAll(several)]), range(0, 151));
});

test("several streams – a gap that truncation has left is refused; a beginning that is gone is none", async () => {
  const of = sources();
  await send(of.store, "a", ...range(0, 10));
  await of.store.append("$$a", "any", [jsonRecord("$metadata", { $maxCount: 2 })]);
  const from = (last: number) =>
    sourceReaderOf(of, definition({ streams: ["a", "b"] }), {
      mode: "MultiStream",
      streams: new Map([
        ["a", last],
        ["b", -1],
      ]),
    });
  assert.deepEqual(numbers(readAll(from(-1))), [8, 9]);
  assert.deepEqual(numbers(readAll(from(7))), [8, 9]);
  assert.throws(
    () => from(6).read(),
    /^ProjectionFault: Event number 7 was expected in the stream a, but event number 8/,
  );
});

test("subscription – tags count what is passed over, once something is handled", async () => {
  const of = sources();
  await of.store.append("a", "any", [jsonRecord("Other", {}), jsonRecord("T", {}), jsonRecord("Other", {})]);
  const some = definition({ streams: ["a", "b"], allEvents: false, events: ["T"] });
  const tagger = taggerOf(some);
  const subscription = new Subscription({
    reader: sourceReaderOf(of, some, tagger.zero),
    tagger,
    definition: some,
    from: tagger.zero,
    accepts: () => true,
    unhandledBytesThreshold: 1e9,
  });
  const work = subscription.read().work;
  assert.deepEqual(
    work.map(({ kind, tag }) => [kind, formatTag(tag)]),
    [["event", "a: 1; b: -1; "]],
  );
});

test("subscription – asks for a checkpoint when much went by unwanted", async () => {
  const of = sources();
  const some = definition({ allStreams: true, allEvents: false, events: ["T"] });
  const tagger = taggerOf(some);
  const subscription = new Subscription({
    reader: sourceReaderOf(of, some, tagger.zero),
    tagger,
    definition: some,
    from: tagger.zero,
    accepts: () => true,
    unhandledBytesThreshold: 2000,
  });
  await send(of.store, "s", 0);
  for (let i = 0; i < 40; i++) await of.store.append("other", "any", [jsonRecord("Other", { text: "x".repeat(100) })]);
  assert.deepEqual(
    subscription.read().work.map(({ kind }) => kind),
    ["event", "checkpoint"],
  );
});
