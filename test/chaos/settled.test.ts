import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry, Stored } from "./log.ts";
import { findingsIn, type Sent, trailOf } from "./settled.ts";
import { effectsOf } from "./system.ts";

const GOOD: Sent = { n: 3, id: "take-3", isPoison: false, replies: "to audit", isAcknowledged: true };
const POISON: Sent = { n: 4, id: "take-4", isPoison: true, replies: "to audit", isAcknowledged: true };

/** A server on which all went well, to be spoiled. */
function settledEntries(): Entry[] {
  const entries: Entry[] = [];
  const revisions = new Map<string, number>();
  const next = (stream: string): number => {
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    return revision;
  };
  const store = (stream: string, what: string, id: string, correlationId: string): string => {
    const [type = "", n, apart] = what.split(" ");
    const body = {
      n: Number(n),
      ...(type === "chaos.Write" || type === "chaos.Written" ? { part: Number(apart) } : { of: apart }),
    };
    const revision = next(stream);
    entries.push({
      kind: "stored",
      stream,
      revision,
      id,
      type,
      body,
      correlationId,
      causationId: undefined,
      retriedAfter: undefined,
    });
    return `${revision}@${stream}`;
  };
  const link = (stream: string, to: string): void =>
    void entries.push({ kind: "link", stream, revision: next(stream), to });
  for (const { n, id, isPoison } of [GOOD, POISON]) {
    const take = store("in.desk-shop", `chaos.Take ${n}`, id, id);
    link("$ce-in.desk", take);
    if (isPoison) link("$persistentsubscription-$ce-in.desk::desk-parked", `${entries.at(-1)!.revision}@$ce-in.desk`);
  }
  for (const { stream, what } of effectsOf(GOOD.n, true)) {
    const at = store(stream, what, `${what}!`, GOOD.id);
    if (what.startsWith("chaos.Write ")) link("$ce-in.scribe", at);
  }
  return entries;
}

const promisesOf = (entries: readonly Entry[]): readonly string[] =>
  findingsIn(entries, [GOOD, POISON]).map(({ promise, what }) => `${promise}: ${what}`);

const stored = (entries: readonly Entry[], type: string): Stored =>
  entries.find((entry) => entry.kind === "stored" && entry.type === type) as Stored;

test("chaos – nothing is found where all went well", () => {
  assert.deepEqual(promisesOf(settledEntries()), []);
});

test("chaos – what is missing is found", () => {
  const entries = settledEntries();
  const lost = stored(entries, "chaos.Deposited");
  assert.deepEqual(promisesOf(entries.filter((entry) => entry !== lost)), [
    "nothing lost: chaos.Deposited 3 is not in account-3",
  ]);
  assert.deepEqual(promisesOf(entries.filter(({ stream }) => !stream.endsWith("-parked"))), [
    "nothing lost: chaos.Take 4, which is to be parked, is not",
  ]);
});

test("chaos – a copy that is handled again later is nothing strange, where its original is in the queue", () => {
  const entries = settledEntries();
  const copyOf = (id: string): Stored => {
    const stream = "later.scribe-202611290412";
    return { ...stored(entries, "chaos.Write"), id, stream, retriedAfter: "HandlerTimedOut: too long" };
  };
  assert.deepEqual(promisesOf([...entries, copyOf(stored(entries, "chaos.Write").id)]), []);
  assert.deepEqual(promisesOf([...entries, copyOf("another")]), [
    "nothing else: chaos.Write 3 0 is in later.scribe-202611290412",
  ]);
});

test("chaos – what was done twice is told from what is stored twice", () => {
  const entries = settledEntries();
  const once = stored(entries, "chaos.Written");
  const again = { ...once, revision: 100 };
  assert.deepEqual(promisesOf([...entries, again]), [
    "stored once: chaos.Written 3 0 is in intermediate.scribe 2 times under one id",
  ]);
  assert.deepEqual(promisesOf([...entries, { ...again, id: "another" }]), [
    "nothing twice: chaos.Written 3 0 is in intermediate.scribe under 2 ids",
  ]);
  const direct = stored(entries, "chaos.Carried");
  assert.deepEqual(promisesOf([...entries, { ...direct, revision: 100 }]), [], "receivers drop it");
});

test("chaos – disorder of what one handler has sent to one queue is found, and a repeat is none", () => {
  const entries = settledEntries();
  const queue = entries.filter(({ stream }) => stream === "$ce-in.scribe");
  assert.deepEqual(promisesOf([...entries, { ...queue[0]!, revision: 100 }]), []);
  const rest = entries.filter(({ stream }) => stream !== "$ce-in.scribe");
  assert.deepEqual(promisesOf([...rest, ...queue.toReversed()]), [
    "in order: the chaos.Write 3 of desk are at the places 4, 3, 2 of the queue of scribe",
    "in order: the chaos.Write 3 of courier are at the places 1, 0 of the queue of scribe",
  ]);
});

test("chaos – what is parked that should not be, and what nobody has asked for, is found", () => {
  const entries = settledEntries();
  const write = entries.find(({ stream }) => stream === "$ce-in.scribe")!;
  const parked = "$persistentsubscription-$ce-in.scribe::scribe-parked";
  const link: Entry = { kind: "link", stream: parked, revision: 0, to: `${write.revision}@${write.stream}` };
  const stranger: Stored = {
    ...stored(entries, "chaos.Taken"),
    revision: 100,
    body: { n: 4 },
    correlationId: POISON.id,
  };
  assert.deepEqual(promisesOf([...entries, link, stranger]), [
    "nothing else: chaos.Taken 4 was stored, though its order is parked",
    "only poison parked: chaos.Write 3 0 is parked by scribe",
  ]);
});

test("chaos – the trail of a message holds what it led to and where it waited, of no other", () => {
  const trail = trailOf(POISON.id, settledEntries());
  assert.deepEqual(trail, [
    "1@in.desk-shop  chaos.Take 4  id take-4  because of nobody",
    "1@$ce-in.desk  → chaos.Take 4",
    "0@$persistentsubscription-$ce-in.desk::desk-parked  → chaos.Take 4",
  ]);
});
