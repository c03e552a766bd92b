import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { linkTo, record, SimulatedConsumer, SimulatedGroup } from "./simulated-group.ts";

const STRATEGIES = ["RoundRobin", "DispatchToSingle", "Pinned", "PinnedByCorrelation"] as const;
const ACTIONS = ["park", "retry", "skip", "stop", "unknown"] as const;
const TIMEOUT = 5000;
const BUFFER = 100_000;

const index = fc.nat({ max: 40 });
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("read" as const), count: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("twin" as const), of: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("replay" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("join" as const), slots: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("leave" as const), which: index }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("ack" as const), which: fc.array(index, { maxLength: 6 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("nack" as const),
      which: fc.array(index, { maxLength: 4 }),
      action: fc.constantFrom(...ACTIONS),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("parking ends" as const), stored: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("congest" as const), which: index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("drain" as const), which: index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 4000 }) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

const settings = fc.record({
  consumerStrategy: fc.constantFrom(...STRATEGIES),
  maxRetryCount: fc.integer({ min: 0, max: 3 }),
  maxCheckpointCount: fc.integer({ min: 1, max: 5 }),
  minCheckpointCount: fc.integer({ min: 1, max: 5 }),
});

/** A group beside a plain account of what it must be true of. */
class Account {
  readonly world: SimulatedGroup;
  readonly consumers: SimulatedConsumer[] = [];
  /** Sequence of what was handed out and not yet settled, taken back or timed out: revision to consumer. */
  readonly out = new Map<number, SimulatedConsumer>();
  readonly settled = new Set<number>();
  readonly ids = new Map<number, string>();
  readonly delivered = new Map<number, number>();
  #next = 0;
  #replayed = 0;

  constructor(settings: Partial<ConstructorParameters<typeof SimulatedGroup>[0]>) {
    this.world = new SimulatedGroup({ ...settings, messageTimeout: TIMEOUT, historyBufferSize: BUFFER });
  }

  run(one: Command): void {
    const { world } = this;
    switch (one.do) {
      case "read":
        return this.#read(one.count, (revision) => `id-${revision}`);
      case "twin":
        return this.#read(1, () => `id-${one.of % (this.#next + 1)}`);
      case "replay": {
        const revision = 1_000_000 + this.#replayed++;
        this.ids.set(revision, `id-${revision}`);
        world.group.replay({ event: undefined, link: record(revision) }, record(revision));
        return world.pump();
      }
      case "join": {
        const consumer: SimulatedConsumer = new SimulatedConsumer(one.slots, ({ original, retryCount }) => {
          const { revision } = original;
          assert.ok(!this.out.has(revision), `${revision} is handed out while it is out`);
          assert.ok(!this.settled.has(revision), `${revision} is handed out though it is settled`);
          assert.ok(this.consumers.includes(consumer), "a consumer that has left gets a message");
          const times = this.delivered.get(revision) ?? 0;
          assert.ok(retryCount <= times, `${revision} says retry ${retryCount} at delivery ${times + 1}`);
          this.delivered.set(revision, times + 1);
          this.out.set(revision, consumer);
          const held = [...this.out.values()].filter((holder) => holder === consumer).length;
          assert.ok(held <= one.slots, `a consumer with ${one.slots} slots holds ${held}`);
        });
        this.consumers.push(consumer);
        world.group.join(consumer.consumer);
        return world.pump();
      }
      case "leave": {
        const [leaving] = this.consumers.splice(one.which % Math.max(1, this.consumers.length), 1);
        if (leaving === undefined) return;
        const parking = new Set(world.parking.map(({ message }) => message.original.revision));
        for (const [revision, holder] of this.out) {
          if (holder === leaving && !parking.has(revision)) this.out.delete(revision);
        }
        return world.leave(leaving);
      }
      case "ack":
        return this.#settle(one.which, (ids) => world.group.ack(ids, world.now), true);
      case "nack": {
        const settles = one.action === "skip" || one.action === "stop";
        return this.#settle(one.which, (ids) => world.group.nack(ids, one.action, "", world.now), settles);
      }
      case "parking ends": {
        const parking = world.parking[0];
        if (parking === undefined) return;
        const { revision } = parking.message.original;
        this.out.delete(revision);
        if (one.stored) this.settled.add(revision);
        return world.parkingEnds(one.stored);
      }
      case "congest":
        return this.#consumer(one.which, (consumer) => {
          consumer.takes = false;
        });
      case "drain":
        return this.#consumer(one.which, (consumer) => {
          consumer.takes = true;
          world.group.drained(consumer.consumer);
          world.pump();
        });
      case "pass": {
        world.now += one.ms;
        const before = new Map(this.out);
        world.group.tick(world.now);
        // What is neither out any more nor being parked has timed out.
        for (const [revision, holder] of before) {
          const message = holder.got.findLast((delivery) => delivery.revision === revision)?.message;
          if (message?.state === "waiting") {
            assert.ok(world.now - message.sentAt >= TIMEOUT, `${revision} timed out too early`);
            this.out.delete(revision);
          }
        }
        return world.pump();
      }
    }
  }

  /** What must hold at every moment. */
  check(): void {
    const { world } = this;
    const checkpoint = world.checkpoints.at(-1) ?? -1;
    assert.deepEqual(
      world.checkpoints,
      world.checkpoints.toSorted((a, b) => a - b),
      "a checkpoint goes back",
    );
    for (let revision = 0; revision <= checkpoint; revision++) {
      assert.ok(this.settled.has(revision), `checkpoint ${checkpoint} passes ${revision}, which is not done with`);
    }
    const { inFlight, buffered, retrying, room } = world.group;
    assert.equal(inFlight, this.out.size);
    assert.equal(room, Math.max(0, BUFFER - buffered - retrying));
    for (const consumer of this.consumers) {
      const held = [...this.out.values()].filter((holder) => holder === consumer).length;
      assert.equal(consumer.consumer.inFlight, held);
      if (consumer.takes && !consumer.consumer.congested && buffered + retrying > 0) {
        const isPinned = this.consumers.length > 1;
        assert.ok(isPinned || held === consumer.consumer.slots, "a message waits while a consumer has room");
      }
    }
  }

  /** Everybody behaves from now on: all that was read has to come to its end. */
  finish(): void {
    for (const consumer of this.consumers) {
      consumer.takes = true;
      this.world.group.drained(consumer.consumer);
    }
    this.run({ do: "join", slots: 5 });
    for (let rounds = 0; rounds < 10_000 && this.settled.size < this.ids.size; rounds++) {
      this.run({ do: "parking ends", stored: true });
      this.run({ do: "ack", which: [0, 1, 2] });
    }
    this.check();
    assert.equal(this.settled.size, this.ids.size, "something was lost");
    assert.deepEqual([this.world.group.inFlight, this.world.group.buffered, this.world.group.retrying], [0, 0, 0]);
    for (const revision of this.ids.keys()) assert.ok(this.delivered.has(revision), `${revision} was never delivered`);
  }

  #read(count: number, idOf: (revision: number) => string): void {
    for (let i = 0; i < count; i++) this.ids.set(this.#next + i, idOf(this.#next + i));
    this.#next += count;
    this.world.read(count, (revision) => ({
      ...linkTo(`key-${revision % 7}`, revision),
      id: this.ids.get(revision)!,
    }));
  }

  /** Settles those that are out, picked by `which`; ones being parked do not mind. */
  #settle(which: readonly number[], settle: (ids: readonly string[]) => void, settles: boolean): void {
    const out = [...this.out.keys()];
    const picked = [...new Set(which.flatMap((at) => (out.length === 0 ? [] : [out[at % out.length]!])))];
    const parkingBefore = new Set(this.world.parking.map(({ message }) => message.original.revision));
    settle(picked.map((revision) => this.ids.get(revision)!));
    const parking = new Set(this.world.parking.map(({ message }) => message.original.revision));
    for (const revision of picked) {
      if (parkingBefore.has(revision) || parking.has(revision)) continue;
      this.out.delete(revision);
      if (settles) this.settled.add(revision);
    }
    this.world.pump();
  }

  #consumer(which: number, act: (consumer: SimulatedConsumer) => void): void {
    const consumer = this.consumers[which % Math.max(1, this.consumers.length)];
    if (consumer !== undefined) act(consumer);
  }
}

test("group – whatever happens in whatever order: nothing lost, nothing out twice, slots and checkpoints kept", () => {
  fc.assert(
    fc.property(settings, fc.array(command, { maxLength: 120, size: "max" }), (chosen, commands) => {
      const account = new Account(chosen);
      for (const one of commands) {
        account.run(one);
        account.check();
      }
      account.finish();
    }),
    { numRuns: 800 },
  );
});

test("pinned – under any coming and going of consumers messages of one key are first delivered in their order", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("read" as const), count: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ do: fc.constant("join" as const), slots: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant("leave" as const), which: index }),
    fc.record({ do: fc.constant("ack" as const), which: fc.array(index, { maxLength: 6 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
      const account = new Account({ consumerStrategy: "Pinned" });
      for (const one of steps) account.run(one);
      account.finish();
      // A Map keeps the order in which its keys came first: that of the first deliveries.
      const firsts = [...account.delivered.keys()];
      for (let key = 0; key < 7; key++) {
        const own = firsts.filter((revision) => revision % 7 === key);
        assert.deepEqual(
          own,
          own.toSorted((a, b) => a - b),
        );
      }
    }),
    { numRuns: 500 },
  );
});
