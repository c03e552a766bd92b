import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import { command, component } from "../../src/index.ts";
import type { Arrival } from "../../src/receive/arrival.ts";
import { Lanes } from "../../src/receive/lanes.ts";
import { contextOfEvent } from "../../src/receive/received-message.ts";
import { metadataOf } from "../../src/store/event.ts";
import { type Bench, bench, until } from "../endpoint/harness.ts";
import { fakeDelivery } from "./fake-delivery.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => ({
  Book: command(`${name("ledger")}.Book`, { to: name("ledger") })<{ account: string; n: number }>(),
  Audit: command(`${name("ledger")}.Audit`, { to: name("ledger") })<{ account: string; n: number }>(),
});

test("partition keys – messages of one key are handled one after the other in the order of the queue, others beside them", async () => {
  await using b = await bench();
  const { Book, Audit } = messagesOf(b);
  const busy = new Set<string>();
  const done: Record<string, number[]> = {};
  let most = 0;
  let broken: string | undefined;
  const endpoint = await b.start(
    component(
      b.name("ledger"),
      { concurrency: 8, partitionKey: (body) => (body as { account: string }).account },
      (c) => {
        c.handle(Book, async ({ account, n }) => {
          if (busy.has(account)) broken = `two of ${account} at once`;
          busy.add(account);
          most = Math.max(most, busy.size);
          for (let turns = 0; turns < 20; turns += 1) await turn();
          busy.delete(account);
          (done[account] ??= []).push(n);
        });
        c.handle(Audit, () => {}, { partitionKey: () => undefined });
      },
    ),
  );
  const sending = [];
  for (let n = 0; n < 60; n += 1) sending.push(b.sender.send(Book, { account: `${n % 5}`, n }));
  sending.push(b.sender.send(Audit, { account: "0", n: 0 }));
  await Promise.all(sending);
  await until("all are handled", () => endpoint.counts(b.name("ledger")).handled === 61);
  assert.equal(broken, undefined);
  assert.ok(most > 1, "others are handled beside them");
  for (const numbers of Object.values(done))
    assert.deepEqual(
      numbers,
      numbers.toSorted((x, y) => x - y),
    );
});

test("partition keys – the order of the queue is kept also where messages wait for long", async () => {
  await using b = await bench();
  const { Book } = messagesOf(b);
  const done: Record<string, number[]> = {};
  const endpoint = await b.start(
    component(b.name("ledger"), { concurrency: 2 }, (c) =>
      c.handle(
        Book,
        async ({ account, n }) => {
          (done[account] ??= []).push(n);
          await new Promise((resolve) => setTimeout(resolve, 100 + 50 * (n % 3)));
        },
        { partitionKey: ({ account }) => account },
      ),
    ),
  );
  for (let n = 0; n < 40; n += 1) await b.sender.send(Book, { account: `${n % 5}`, n });
  await until("all are handled", () => endpoint.counts(b.name("ledger")).handled === 40);
  for (const numbers of Object.values(done))
    assert.deepEqual(
      numbers,
      numbers.toSorted((x, y) => x - y),
    );
});

test("partition keys – lanes let nobody out of turn, and nobody is forgotten", () => {
  const step = fc.oneof(
    fc.record({ push: fc.option(fc.constantFrom("a", "b"), { nil: undefined }) }),
    fc.constant("take" as const),
    fc.record({ leave: fc.nat(5) }),
    fc.record({ takeAll: fc.nat(3) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const lanes = new Lanes();
      const numbers = new Map<Arrival, number>();
      const out: Arrival[] = [];
      const gone = new Set<Arrival>();
      const last = new Map<string, number>();
      let count = 0;
      const took = (arrival: Arrival): void => {
        if (arrival.lane !== undefined) {
          assert.ok(!out.some(({ lane }) => lane === arrival.lane), "one of a lane at a time");
          assert.ok((last.get(arrival.lane) ?? -1) < numbers.get(arrival)!, "in order");
          last.set(arrival.lane, numbers.get(arrival)!);
        }
        out.push(arrival);
      };
      const leave = (index: number): void => {
        const [one] = out.splice(index % Math.max(1, out.length), 1);
        if (one !== undefined) {
          gone.add(one);
          lanes.leave(one.lane);
        }
      };
      for (const what of steps) {
        if (what === "take") {
          const arrival = lanes.take();
          if (arrival !== undefined) took(arrival);
        } else if ("push" in what) {
          const delivery = fakeDelivery({ id: `${count}` });
          const event = delivery.event!;
          const arrival = {
            delivery,
            event,
            metadata: metadataOf(event),
            context: contextOfEvent(event),
            since: 0,
            isDoubtful: false,
            lane: what.push,
          };
          numbers.set(arrival, (count += 1));
          lanes.push(arrival);
        } else if ("leave" in what) leave(what.leave);
        else for (const one of lanes.takeAll((of) => numbers.get(of)! % 4 === what.takeAll)) gone.add(one);
      }
      for (let left = count; left >= 0; left -= 1) {
        for (let arrival = lanes.take(); arrival !== undefined; arrival = lanes.take()) took(arrival);
        while (out.length > 0) leave(0);
      }
      assert.equal(gone.size, count);
      assert.equal(lanes.size, 0);
    }),
  );
});
