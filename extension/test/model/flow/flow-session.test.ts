import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test, type TestContext } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import {
  aggregate,
  command,
  component,
  event,
  openParked,
  startEndpoint,
  startSender,
  Unrecoverable,
} from "@sluice/transport";
import { openEventStore } from "../../../src/event-store/open-event-store.ts";
import type { EventReader } from "../../../src/event-store/event-store.ts";
import { FlowSession } from "../../../src/flow/host/flow-session.ts";
import { causesOf } from "../../../src/flow/model/causes.ts";
import { flowTree } from "../../../src/flow/model/flow-tree.ts";
import { sequenceOf } from "../../../src/flow/model/sequence.ts";
import { remarksOf } from "../../../src/flow/model/words.ts";
import { parseToHost, parseToView, type ToHost, type ToView } from "../../../src/flow/protocol.ts";
import type { Asked } from "../../../src/flow/reading/conversation.ts";
import { snapshotState } from "../../../src/flow/reading/snapshot-state.ts";
import { wait } from "../../../src/timing/wait.ts";
import { bytes, linkTo, noted } from "../event-store/opened-store.ts";

const PlaceOrder = command("sales.PlaceOrder", { to: "sales" })<{ orderId: string; total: number }>();
const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string; total: number }>();
const ChargeCard = command("billing.ChargeCard", { to: "billing" })<{ orderId: string; total: number }>();

const order = aggregate("order", { total: 0 }, { snapshot: 1 }, (a) => {
  a.decide(
    PlaceOrder,
    ({ orderId }) => orderId,
    (_, wanted) => OrderPlaced(wanted),
  );
  a.evolve(OrderPlaced, (_, { total }) => ({ total }));
});
const sales = component("sales", (c) => {
  c.aggregate(order);
  c.receptor(OrderPlaced, (placed) => ChargeCard(placed));
});
const billing = component("billing", (c) => {
  c.handle(ChargeCard, async () => {
    throw new Unrecoverable("the card was refused");
  });
});

class Told implements Disposable {
  readonly session: FlowSession;
  readonly #waiting = new Map<number, PromiseWithResolvers<ToView>>();
  #requests = 0;

  constructor(asked: Asked, open: () => Promise<EventReader>, searchBound = 20_000) {
    this.session = new FlowSession({
      asked,
      open,
      searchBound,
      wait: (_, signal) => wait(10, signal),
      onState: () => {},
      snapshots: async () => snapshotState,
      post: (message) => {
        const parsed = parseToView(JSON.parse(JSON.stringify(message)));
        assert.ok(parsed !== undefined, `no message: ${JSON.stringify(message)}`);
        if ("request" in parsed && parsed.kind !== "progress") this.#waiting.get(parsed.request)?.resolve(parsed);
      },
    });
  }

  async ask<Kind extends ToView["kind"]>(
    kind: Kind,
    make: (request: number) => ToHost,
  ): Promise<ToView & { kind: Kind }> {
    const request = ++this.#requests;
    const answered = Promise.withResolvers<ToView>();
    this.#waiting.set(request, answered);
    const message = parseToHost(JSON.parse(JSON.stringify(make(request))));
    assert.ok(message !== undefined);
    this.session.handle(message);
    const answer = await answered.promise;
    assert.equal(answer.kind, kind, JSON.stringify(answer));
    return answer as ToView & { kind: Kind };
  }

  read(isFurther = false) {
    return this.ask("conversation", (request) => ({ kind: "read", request, isFurther }));
  }

  [Symbol.dispose](): void {
    this.session.dispose();
  }
}

/** A server on which one order was placed, whose payment was refused and parked, each time that it was tried. */
async function placedOrder(t: TestContext, retries = 0) {
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  const { connectionString } = server;
  let parked = Promise.withResolvers<void>();
  const endpoint = await startEndpoint([sales, billing], {
    connectionString,
    on: ({ kind }) => {
      if (kind === "parked") parked.resolve();
    },
  });
  const shop = await startSender("shop", { connectionString });
  const correlationId = randomUUID();
  await shop.send(PlaceOrder, { orderId: "17", total: 120 }, { correlationId });
  await parked.promise;
  const messages = openParked("billing", { connectionString });
  for (let retry = 0; retry < retries; retry++) {
    parked = Promise.withResolvers();
    // What is parked is told before it can be read.
    while ((await messages.retry("all", { by: "ann" })).done === 0) continue;
    await parked.promise;
  }
  await messages.close();
  await shop.stop();
  await endpoint.stop();
  const store = await openEventStore(connectionString);
  t.after(() => store.close());
  return { store, correlationId };
}

/** The projection that lists conversations may be a little behind what the components have done. */
async function toldWhole(told: Told, events = 3) {
  for (;;) {
    const conversation = await told.read();
    if (conversation.events.length === events) return conversation;
  }
}

test("flow – a real conversation is read with its causes, components and what was parked", async (t) => {
  const { store, correlationId } = await placedOrder(t);
  using told = new Told({ correlationId }, async () => store);
  const { events, parkings, way } = await toldWhole(told);
  assert.deepEqual(way, { kind: "index", stream: `$bc-${correlationId}`, gone: 0, isCut: false });
  const causes = causesOf(events);
  assert.deepEqual(
    causes.map(({ event, cause, way }) => [event.type, event.stream, event.party, cause, way]),
    [
      ["sales.PlaceOrder", "in.sales-shop", "shop", undefined, undefined],
      ["sales.OrderPlaced", "order-17", "sales", "0@in.sales-shop", "handled"],
      ["billing.ChargeCard", "intermediate.sales", "sales", "0@order-17", "handled"],
    ],
  );
  assert.ok(causes.slice(1).every(({ latency }) => latency !== undefined && latency >= 0));
  assert.deepEqual(
    parkings.map(({ key, component, exception, message, state }) => [key, component, exception, message, state]),
    [["0@intermediate.sales", "billing", "Unrecoverable", "the card was refused", "parked"]],
  );
  const nodes = flowTree(causes, { parkings, links: [], groupsFrom: 40, open: new Set() });
  const { parties, steps } = sequenceOf(nodes, causes);
  assert.deepEqual(parties, ["shop", "sales", "billing"]);
  assert.deepEqual(
    steps.map(({ from, to, failed }) => [from, to, failed]),
    [
      ["shop", ["sales"], []],
      ["sales", ["sales"], []],
      ["sales", ["billing"], ["billing"]],
    ],
  );
});

test("flow – a message that a person had handled again stands below the one that was parked", async (t) => {
  const { store, correlationId } = await placedOrder(t, 1);
  using told = new Told({ correlationId }, async () => store);
  const { events, parkings } = await toldWhole(told, 4);
  const copy = causesOf(events).find(({ event }) => event.stream === "in.billing-retries");
  assert.deepEqual([copy?.cause, copy?.way, copy?.event.party], ["0@intermediate.sales", "copied", "billing"]);
  assert.deepEqual(remarksOf(copy!, []), ["Retried by a person, after Unrecoverable: the card was refused"]);
  assert.deepEqual(parkings.map(({ key, state }) => [key, state]).toSorted(), [
    ["0@in.billing-retries", "parked"],
    ["0@intermediate.sales", "retried"],
  ]);
});

test("flow – the links that led events on, and the course of an instance with its stored state", async (t) => {
  const { store, correlationId } = await placedOrder(t);
  using told = new Told({ correlationId }, async () => store);
  await toldWhole(told);
  const { links } = await told.ask("links", (request) => ({ kind: "links", request }));
  const streams = links.map(({ key, stream }) => `${key} ${stream}`);
  for (const link of [
    "0@in.sales-shop $ce-in.sales",
    "0@order-17 out-order",
    "0@order-17 in.sales-subscriptions",
    "0@intermediate.sales in.billing-sales.routed",
    "0@intermediate.sales $ce-in.billing",
  ]) {
    assert.ok(streams.includes(link), `${link} is not among ${streams.join(", ")}`);
  }
  const ask = () => told.ask("course", (request) => ({ kind: "course", request, stream: "order-17" }));
  let course = await ask();
  // Snapshots are written beside the messages, and nobody waits for them.
  while (course.snapshots.length === 0) course = await ask();
  assert.deepEqual(
    course.events.map(({ type, fields }) => [type, fields]),
    [
      [
        "sales.OrderPlaced",
        [
          ["$.orderId", '"17"'],
          ["$.total", "120"],
        ],
      ],
    ],
  );
  assert.deepEqual(
    course.snapshots.map(({ revision, state }) => [revision, JSON.parse(state ?? "")]),
    [["0", { total: 120 }]],
  );
});

/** Without the projection that keeps lists of conversations. */
async function unlisted(t: TestContext) {
  const server = await startEmbedded({ memory: true, port: 0, startStandardProjections: false });
  t.after(() => server.stop());
  const store = await openEventStore(server.connectionString);
  t.after(() => store.close());
  const said = (id: string, more: object = {}) => bytes(JSON.stringify({ $correlationId: id, ...more }));
  return { store, said };
}

async function firstOf(store: EventReader, stream: string) {
  const options = { from: 0, direction: "forwards", limit: 1, followsLinks: false } as const;
  const { entries } = await store.read({ stream }, options);
  return { stream, revision: "0", position: entries[0]!.recorded.position };
}

test("flow – without a list the log is searched around the event, and what was not looked at is told", async (t) => {
  const { store, said } = await unlisted(t);
  const first = noted("{}", { metadata: said("c-1") });
  await store.append("cause-1", "any", [first]);
  await store.append("other-1", "any", [
    noted("{}", { metadata: said("c-2") }),
    noted("{}"),
    noted("{}", { metadata: bytes("[") }),
  ]);
  await store.append("effect-1", "any", [noted("{}", { metadata: said("c-1", { $causationId: first.id }) })]);
  const from = await firstOf(store, "effect-1");
  using told = new Told({ correlationId: "c-1", from }, async () => store);
  const { events, way } = await told.read();
  assert.deepEqual(events.map(({ key }) => key).toSorted(), ["0@cause-1", "0@effect-1"]);
  assert.equal(way.kind, "search");
  assert.deepEqual(way, { kind: "search", why: "no-index", looked: 5, isStopped: false, isCut: false });
});

test("flow – a search that is too long stops at its bound, and goes on when it is asked to", async (t) => {
  const { store, said } = await unlisted(t);
  await store.append("far-1", "any", [noted("{}", { metadata: said("c-1") })]);
  await store.append(
    "noise-1",
    "any",
    Array.from({ length: 110 }, () => noted("{}")),
  );
  using told = new Told({ correlationId: "c-1" }, async () => store, 100);
  const near = await told.read();
  assert.equal(near.events.length, 0);
  assert.ok(near.way.kind === "search" && near.way.looked === 100 && near.way.before !== undefined);
  const all = await told.read(true);
  assert.deepEqual(
    all.events.map(({ key }) => key),
    ["0@far-1"],
  );
  assert.ok(all.way.kind === "search" && all.way.before === undefined);
});

test("flow – a list that is behind does not hide the event that was asked from", async (t) => {
  const { store, said } = await unlisted(t);
  await store.append("old-1", "any", [noted("{}", { metadata: said("c-1") })]);
  // As the projection has left it, when it was stopped.
  await store.append("$bc-c-1", "any", [linkTo("old-1", 0)]);
  await store.append("new-1", "any", [noted("{}", { metadata: said("c-1") })]);
  const from = await firstOf(store, "new-1");
  using told = new Told({ correlationId: "c-1", from }, async () => store);
  const { events, way } = await told.read();
  assert.deepEqual(events.map(({ key }) => key).toSorted(), ["0@new-1", "0@old-1"]);
  assert.ok(way.kind === "search" && way.why === "index-behind");
});

test("flow – what a view has asked for ends when it is gone or begins anew, which counts its requests anew", async () => {
  let reads = 0;
  const reader: Pick<EventReader, "read"> = {
    async read(_, { signal }) {
      reads++;
      await wait(2 ** 30, signal ?? new AbortController().signal).finally(() => reads--);
      throw new Error("nobody waits so long");
    },
  };
  using told = new Told({ correlationId: "17" }, async () => reader as EventReader);
  const running = async (count: number): Promise<void> => {
    while (reads !== count) await new Promise((resolve) => setImmediate(resolve));
  };
  const read: ToHost = { kind: "read", request: 1, isFurther: false };
  told.session.handle(read);
  await running(1);
  told.session.handle({ kind: "ready" });
  await running(0);
  told.session.handle(read);
  await running(1);
  told.session.leave();
  await running(0);
});
