import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import { deriveId } from "../../src/messages/ids.ts";
import { cancellationOf } from "../../src/messages/cancellation.ts";
import { Scheduler } from "../../src/schedule/scheduler.ts";
import { minuteOf, minuteText } from "../../src/topology/minute.ts";
import { type Caller, FakeLog, type Fate } from "./fake-log.ts";
import { virtualClock } from "./virtual-clock.ts";

const START = Date.UTC(2026, 0, 1, 12, 0, 30);
const ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

type Step =
  /** A message that is due after so many milliseconds, from a client, through a router, or copied for a retry. */
  | { readonly step: "send"; readonly delay: number; readonly from: "client" | "router" | "retry" }
  | { readonly step: "cancel"; readonly which: number }
  /** The same retry again, after a crash between copy and acknowledgement: same id, due later. */
  | { readonly step: "repeat"; readonly which: number; readonly delay: number }
  | { readonly step: "turn"; readonly by: number }
  | { readonly step: "call"; readonly which: number; readonly fate: Fate }
  | { readonly step: "kill"; readonly which: number; readonly done: boolean }
  | { readonly step: "start" }
  | { readonly step: "categorize" };

const delay = fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 400_000 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant("send" as const),
      delay,
      from: fc.constantFrom("client", "router", "retry"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant("cancel" as const), which: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant("repeat" as const), which: fc.nat(50), delay }) },
  {
    weight: 3,
    arbitrary: fc.record({ step: fc.constant("turn" as const), by: fc.oneof(fc.nat(3_000), fc.nat(200_000)) }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      step: fc.constant("call" as const),
      which: fc.nat(20),
      fate: fc.oneof({ weight: 15, arbitrary: fc.constant("answered" as const) }, fc.constantFrom("done", "lost")),
    }),
  },
  { weight: 2, arbitrary: fc.record({ step: fc.constant("kill" as const), which: fc.nat(3), done: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ step: "start" as const }) },
  { weight: 5, arbitrary: fc.constant({ step: "categorize" as const }) },
) as fc.Arbitrary<Step>;

interface Sent {
  readonly id: string;
  readonly due: number;
  readonly target: "in.D-deferred" | "in.D-retries";
  canceledAt: number;
  repeated: boolean;
}

/** What happens to some instances over one log, step by step, and then all that is left to happen. */
class World {
  readonly #remembered: { readonly running: number; readonly atStart: number } | undefined;
  readonly clock = virtualClock(START);
  readonly log = new FakeLog(() => this.clock.now());
  readonly sent: Sent[] = [];
  readonly linkedAt = new Map<string, number[]>();
  #instances: { readonly scheduler: Scheduler; readonly caller: Caller }[] = [];

  /** @param isForgetful instances remember no link that they need not know. */
  constructor(isForgetful: boolean) {
    this.#remembered = isForgetful ? { running: 1, atStart: 0 } : undefined;
  }

  async take(what: Step): Promise<void> {
    switch (what.step) {
      case "send":
        return this.#send(what.delay, what.from);
      case "cancel":
        return this.#cancel(this.sent[what.which % Math.max(1, this.sent.length)]);
      case "repeat":
        return this.#repeat(this.sent[what.which % Math.max(1, this.sent.length)], what.delay);
      case "turn":
        return this.clock.turn(what.by);
      case "call":
        return this.#call(what.which, what.fate);
      case "kill":
        return this.#kill(what.which, what.done);
      case "start":
        return this.#start();
      case "categorize":
        return this.log.categorize();
    }
  }

  /** One instance at least goes on without trouble, for an hour. */
  async settle(): Promise<void> {
    this.#start();
    for (let minutes = 0; minutes < 60; minutes += 1) {
      for (let quiet = 0; quiet < 3;) {
        await turn();
        if (this.log.arrivals.length > 0) this.log.categorize();
        else if (this.log.calls.length > 0) this.#call(0, "answered");
        else quiet += 1;
      }
      this.clock.turn(30_000);
    }
    const stopping = this.#instances.map(({ scheduler }) => scheduler.stop());
    let stopped = false;
    void Promise.all(stopping).then(() => (stopped = true));
    for (let rounds = 0; !stopped && rounds < 1_000; rounds += 1) {
      await turn();
      this.#call(0, "answered");
    }
    assert.ok(stopped, "they stop");
  }

  check(): void {
    for (const { id, due, target, canceledAt, repeated } of this.sent) {
      const links = (this.log.streams.get(target) ?? []).filter((link) => link.id === deriveId(id, target));
      if (canceledAt < due && !repeated) assert.equal(links.length, 0, "what was canceled in time never comes");
      else if (repeated && this.#remembered !== undefined) assert.ok(links.length >= 1, "it comes");
      else if (canceledAt === Infinity) assert.equal(links.length, 1, "each comes once");
      else assert.ok(links.length <= 1, "what was canceled too late comes once at most");
      for (const { created } of links) assert.ok(created.getTime() >= due, "nothing comes before its time");
    }
  }

  #send(wait: number, from: "client" | "router" | "retry"): void {
    const id = deriveId(ID, String(this.sent.length));
    const due = this.clock.now() + wait;
    const target = from === "retry" ? "in.D-retries" : "in.D-deferred";
    this.sent.push({ id, due, target, canceledAt: Infinity, repeated: false });
    this.#store(id, due, from);
  }

  #store(id: string, due: number, from: "client" | "router" | "retry"): void {
    const metadata = {
      "sluice.deliverAt": new Date(due).toISOString(),
      ...(from === "retry" ? { "sluice.delayedRetries": 1 } : {}),
    };
    const event = {
      id,
      type: "T",
      isJson: true,
      data: Buffer.from("{}"),
      metadata: Buffer.from(JSON.stringify(metadata)),
    };
    const stream = `later.D-${minuteText(minuteOf(due))}`;
    if (from !== "router") return void this.log.append(stream, [event]);
    const { revision } = this.log.append("intermediate.C", [event]);
    const link = {
      ...event,
      id: deriveId(id, "link"),
      type: "$>",
      isJson: false,
      data: Buffer.from(`${revision}@intermediate.C`),
    };
    this.log.append(`${stream}.C.routed`, [{ ...link, metadata: Buffer.from("") }]);
  }

  #cancel(sent: Sent | undefined): void {
    if (sent?.target !== "in.D-deferred" || sent.canceledAt < Infinity) return;
    sent.canceledAt = this.clock.now();
    this.log.append(`later.D-${minuteText(minuteOf(sent.due))}`, [cancellationOf(sent.id)]);
  }

  #repeat(sent: Sent | undefined, later: number): void {
    if (sent?.target !== "in.D-retries") return;
    sent.repeated = true;
    this.#store(sent.id, sent.due + later, "retry");
  }

  #call(which: number, fate: Fate): void {
    const [call] = this.log.calls.splice(which % Math.max(1, this.log.calls.length), 1);
    call?.run(fate);
  }

  #kill(which: number, done: boolean): void {
    const instance = this.#instances[which];
    if (instance === undefined) return;
    this.#instances = this.#instances.filter((other) => other !== instance);
    instance.caller.isDead = true;
    for (const call of this.log.calls.filter(({ caller }) => caller === instance.caller)) {
      this.log.calls.splice(this.log.calls.indexOf(call), 1);
      call.run(done ? "done" : "lost");
    }
  }

  #start(): void {
    if (this.#instances.length >= 3) return;
    const caller = this.log.caller();
    const scheduler = new Scheduler({
      store: caller.store,
      component: "D",
      clock: this.clock,
      random: () => 0.5,
      ...(this.#remembered === undefined ? {} : { remembered: this.#remembered }),
      onInterrupted: () => {},
    });
    scheduler.start();
    this.#instances.push({ scheduler, caller });
  }
}

/** A message of the next minute became due, and was canceled before that, while the cancellations of this minute were read. */
const CANCELED_WHILE_READ: Step[] = [
  { step: "send", delay: 30000, from: "client" },
  { step: "send", delay: 0, from: "client" },
  { step: "send", delay: 0, from: "client" },
  { step: "start" },
  { step: "turn", by: 28000 },
  { step: "call", which: 0, fate: "answered" },
  { step: "call", which: 0, fate: "answered" },
  { step: "categorize" },
  { step: "call", which: 0, fate: "answered" },
  { step: "call", which: 3, fate: "answered" },
  { step: "call", which: 1, fate: "answered" },
  { step: "call", which: 0, fate: "answered" },
  { step: "repeat", which: 0, delay: 0 },
  { step: "call", which: 0, fate: "answered" },
  { step: "repeat", which: 0, delay: 0 },
  { step: "call", which: 0, fate: "answered" },
  { step: "repeat", which: 0, delay: 0 },
  { step: "call", which: 3, fate: "done" },
  { step: "categorize" },
  { step: "call", which: 0, fate: "answered" },
  { step: "cancel", which: 0 },
  { step: "turn", by: 2000 },
  { step: "categorize" },
  { step: "send", delay: 0, from: "client" },
  { step: "call", which: 0, fate: "answered" },
  { step: "turn", by: 0 },
  { step: "call", which: 0, fate: "answered" },
  { step: "call", which: 0, fate: "answered" },
  { step: "turn", by: 0 },
  { step: "repeat", which: 0, delay: 0 },
];

/** A message was heard of, and had been canceled, while the cancellations of another minute were read. */
const HEARD_WHILE_READ: Step[] = [
  { step: "send", delay: 0, from: "client" },
  { step: "categorize" },
  { step: "send", delay: 30000, from: "client" },
  { step: "cancel", which: 45 },
  { step: "turn", by: 90000 },
  { step: "call", which: 0, fate: "answered" },
  { step: "call", which: 0, fate: "answered" },
  { step: "call", which: 0, fate: "answered" },
  { step: "call", which: 0, fate: "answered" },
  { step: "categorize" },
  { step: "call", which: 0, fate: "answered" },
  { step: "call", which: 0, fate: "answered" },
  { step: "kill", which: 0, done: true },
  { step: "call", which: 0, fate: "answered" },
  { step: "kill", which: 0, done: false },
  { step: "start" },
  { step: "call", which: 0, fate: "answered" },
  { step: "call", which: 0, fate: "answered" },
  { step: "call", which: 0, fate: "answered" },
  { step: "call", which: 0, fate: "answered" },
  { step: "categorize" },
  { step: "call", which: 0, fate: "answered" },
  { step: "categorize" },
  { step: "call", which: 0, fate: "answered" },
  { step: "turn", by: 0 },
  { step: "categorize" },
  { step: "call", which: 0, fate: "answered" },
  { step: "categorize" },
  { step: "call", which: 0, fate: "answered" },
  { step: "send", delay: 0, from: "client" },
  { step: "call", which: 0, fate: "answered" },
  { step: "call", which: 0, fate: "answered" },
];

for (const isForgetful of [false, true]) {
  test(`time – 39. whatever dies on whatever line, each deferred message comes once, not before its time, and not where it was canceled${isForgetful ? ", though nothing is remembered that need not be" : ""}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 250, size: "max" }), async (steps) => {
        const world = new World(isForgetful);
        await world.take({ step: "start" });
        for (const each of steps) {
          await world.take(each);
          await turn();
        }
        await world.settle();
        world.check();
      }),
      { examples: [[CANCELED_WHILE_READ], [HEARD_WHILE_READ]], numRuns: Number(process.env["SLUICE_RUNS"] ?? 60) },
    );
  });
}
