import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "@sluice/embedded";
import { Reading } from "@sluice/sample-display";
import { audit, holds } from "../src/verify.ts";

let server: Embedded;
let client: EventStoreDBClient;
let reading: Reading;

type Fact = readonly [stream: string, type: string, more?: Record<string, string | number>];

/** What a completed order leaves in the streams. */
const COURSE: readonly Fact[] = [
  ["order", "ordering.OrderPlaced"],
  ["supply", "matching.OrderMatched"],
  ["intermediate.fulfillment", "fulfillment.OrderShipped"],
  ["fee", "fees.FeeCharged"],
  ["journal", "accounting.AccountDebited", { account: "b", amount: 500 }],
  ["journal", "accounting.AccountCredited", { account: "s", amount: 490 }],
  ["journal", "accounting.AccountCredited", { account: "f", amount: 10 }],
  ["journal", "accounting.PurchaseBooked"],
  ["purchase", "settlement.PurchaseCompleted"],
];

/** What one leaves that could not be shipped. */
const CANCELLED: readonly Fact[] = [
  ...COURSE.filter(([, type]) => !/OrderShipped|PurchaseCompleted/.test(type)),
  ["intermediate.fulfillment", "fulfillment.ShipmentRefused"],
  ["journal", "accounting.AccountDebited", { account: "s", amount: 490 }],
  ["journal", "accounting.AccountDebited", { account: "f", amount: 10 }],
  ["journal", "accounting.AccountCredited", { account: "b", amount: 500 }],
  ["journal", "accounting.PurchaseReversed"],
  ["fee", "fees.FeeRefunded"],
  ["supply", "matching.TradeReleased"],
  ["purchase", "settlement.PurchaseCancelled"],
];

let markets = 0;

/** A market of two orders, the first completed, the second as given; answers what an audit finds. */
async function audited(second: readonly Fact[], id = randomUUID) {
  const market = `m${(markets += 1)}`;
  for (const [n, facts] of [COURSE, second].entries()) {
    for (const [stream, type, more = {}] of facts) {
      const event = jsonEvent({ id: id(), type, data: { orderId: `${market}.${n}`, ...more } });
      await client.appendToStream(stream.includes(".") ? stream : `${stream}-${market}.${n}`, event);
    }
  }
  // Written last, so once the categories hold these they hold all.
  for (const category of ["order", "supply", "fee", "journal", "purchase"]) {
    await client.appendToStream(`${category}-${market}.end`, jsonEvent({ type: "End", data: { market } }));
    while (!(await holdsEnd(`$ce-${category}`, market))) await sleep(10);
  }
  const findings: string[] = [];
  return { result: await audit(reading, market, 2, (text) => findings.push(text)), findings, market };
}

/** All of a stream. A read that is left halfway would keep the client from being disposed. */
async function all(stream: string) {
  const events = [];
  for await (const { event } of client.readStream(stream, { resolveLinkTos: true })) {
    if (event !== undefined) events.push(event);
  }
  return events;
}

async function holdsEnd(category: string, market: string): Promise<boolean> {
  const events = await all(category);
  return events.some(({ type, data }) => type === "End" && (data as { market: string }).market === market);
}

describe("verify", () => {
  before(async () => {
    server = await startEmbedded({ memory: true, port: 0 });
    client = EventStoreDBClient.connectionString(server.connectionString);
    reading = new Reading(server.connectionString);
  });
  after(async () => {
    await reading[Symbol.asyncDispose]();
    await client.dispose();
    await server.stop();
  });

  test("orders that are completed exactly once, others aside", async () => {
    const { result, findings } = await audited(COURSE);
    assert.deepEqual(result, {
      orders: 2,
      completed: 2,
      cancelled: 0,
      lost: 0,
      duplicated: 0,
      debits: 1000,
      credits: 1000,
    });
    assert.equal(holds(result), true);
    assert.deepEqual(findings, []);
  });

  test("orders that could not be shipped, with all undone that was done for them", async () => {
    const { result, findings } = await audited(CANCELLED);
    assert.deepEqual(findings, []);
    assert.deepEqual(result, {
      orders: 2,
      completed: 2,
      cancelled: 1,
      lost: 0,
      duplicated: 0,
      debits: 1500,
      credits: 1500,
    });
  });

  for (const type of ["accounting.PurchaseReversed", "fees.FeeRefunded", "matching.TradeReleased"]) {
    test(`an order that could not be shipped is lost without ${type}, and doubled with a second one`, async () => {
      const without = await audited(CANCELLED.filter((fact) => fact[1] !== type));
      assert.deepEqual([without.result.lost, without.result.duplicated, without.result.cancelled], [1, 0, 0]);
      const twice = await audited([...CANCELLED, ...CANCELLED.filter((fact) => fact[1] === type)]);
      assert.deepEqual([twice.result.lost, twice.result.duplicated], [0, 1]);
      const undue = await audited([...COURSE, ...CANCELLED.filter((fact) => fact[1] === type)]);
      assert.deepEqual([undue.result.lost, undue.result.duplicated], [0, 1]);
    });
  }

  for (const [index, [stream, type]] of COURSE.entries()) {
    if (/Account/.test(type)) continue;
    test(`an order without ${type} is lost`, async () => {
      const { result, findings, market } = await audited(COURSE.toSpliced(index, 1));
      assert.deepEqual([result.completed, result.lost, result.duplicated], [1, 1, 0]);
      assert.equal(holds(result), false);
      assert.equal(findings.length, 1);
      assert.match(findings[0]!, new RegExp(`Order ${market}\\.1 was \\w+ 0 times, according to .*${stream}`));
    });

    test(`an order with a second ${type} is doubled`, async () => {
      const { result } = await audited([...COURSE, COURSE[index]!]);
      assert.deepEqual([result.completed, result.lost, result.duplicated], [2, 0, 1]);
      assert.equal(holds(result), false);
    });
  }

  test("books that do not balance do not hold", async () => {
    const { result } = await audited(COURSE.toSpliced(5, 1));
    assert.deepEqual([result.debits, result.credits], [1000, 510]);
    assert.equal(holds(result), false);
  });

  test("the same message stored twice in an outbox is one message", async () => {
    const market = "twice";
    const shipped = jsonEvent({ type: "fulfillment.OrderShipped", data: { orderId: `${market}.0` } });
    await client.appendToStream("intermediate.fulfillment", shipped, { expectedRevision: "any" });
    const revision = BigInt((await all("intermediate.fulfillment")).length - 1);
    // An append that expects a revision does not ask where the id was seen before.
    await client.appendToStream("intermediate.fulfillment", shipped, { expectedRevision: revision });
    const stored = (await all("intermediate.fulfillment")).filter(({ id }) => id === shipped.id);
    assert.equal(stored.length, 2, "it is stored twice");
    const { duplicated } = await audit(reading, market, 1);
    assert.equal(duplicated, 0);
  });

  test("where nothing is there all is lost", async () => {
    const { completed, lost, debits } = await audit(reading, "nowhere", 3);
    assert.deepEqual({ completed, lost, debits }, { completed: 0, lost: 3, debits: 0 });
  });
});
