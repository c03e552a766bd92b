import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import { defaultResult } from "../../src/recoverability/policy.ts";
import type { Attempt } from "../../src/receive/attempt.ts";
import { unendedOf, type AttemptEntry } from "../../src/receive/attempt-log.ts";
import { Receiver } from "../../src/receive/receiver.ts";
import { Solitude } from "../../src/receive/solitude.ts";
import { type FakeDelivery, fakeDelivery } from "./fake-delivery.ts";

const MESSAGE_TIMEOUT = 1_000;
const POLICY = { immediateRetries: 2, delayedRetries: 0, timeIncrease: 0, unknownTypeRetries: 0 };

/** What a message's handler does to its process, and how often. */
interface Plan {
  readonly id: string;
  /** Attempts that throw. */
  readonly failures: number;
  /** Where each of the first attempts ends its process. */
  readonly deaths: readonly ("at once" | "before it stores" | "when it has stored")[];
  /** Turns of the event loop that each attempt takes; the last goes for all others. */
  readonly turns: readonly number[];
}

/** A message in the queue of the model's server. */
interface Queued {
  readonly id: string;
  retryCount: number;
  /** Where it was handed out; undefined: it waits. */
  out: { readonly process: Process; readonly delivery: FakeDelivery } | undefined;
  settled: string | undefined;
}

/** What outlives every process: the queue, what was stored, and which attempts were begun. */
class World {
  readonly queue: Queued[];
  /** Ids of messages whose outgoing messages are stored, and how often a process has stored them by a way that is not recognized. */
  readonly stored = new Map<string, number>();
  readonly attempts: AttemptEntry[] = [];
  readonly plans: readonly Plan[];
  readonly begun = new Map<string, number>();
  /** Ids of messages that were parked although they were stored. */
  readonly parkedInVain: string[] = [];
  now = 0;

  constructor(plans: readonly Plan[]) {
    this.plans = plans;
    this.queue = plans.map(({ id }) => ({ id, retryCount: 0, out: undefined, settled: undefined }));
  }

  /** Takes what was settled while the process had it. */
  look(): void {
    for (const message of this.queue) {
      const [how] = message.out?.delivery.settled ?? [];
      if (how === undefined) continue;
      message.out = undefined;
      if (how === "give back") message.retryCount += 1;
      else message.settled ??= how;
    }
  }

  /** Hands out again what nobody has settled: of one process, or of all whose time is over. */
  takeBack(from: Process | undefined): void {
    this.look();
    for (const message of this.queue) {
      if (message.out === undefined || (from !== undefined && message.out.process !== from)) continue;
      message.out = undefined;
      message.retryCount += 1;
    }
  }

  handOut(process: Process): void {
    this.look();
    const message = this.queue.find(({ out, settled }) => out === undefined && settled === undefined);
    if (message === undefined) return;
    const { id, retryCount } = message;
    const handedOut = fakeDelivery({ id, retryCount, at: this.now });
    const park = (reason: string): boolean => {
      const isParked = handedOut.park(reason);
      if (isParked && this.stored.has(id)) this.parkedInVain.push(id);
      return isParked;
    };
    const delivery = { ...handedOut, park };
    message.out = { process, delivery };
    process.deliveries.push(delivery);
    process.receiver.deliver(delivery);
  }
}

/** One process: it remembers what it has handled, and dies with everything that it has in hand. */
class Process {
  readonly #world: World;
  readonly #handled = new Set<string>();
  readonly deliveries: FakeDelivery[] = [];
  readonly receiver: Receiver;
  isAlive = true;

  constructor(world: World) {
    this.#world = world;
    const { attempts, stored } = world;
    this.receiver = new Receiver(
      {
        component: "C",
        concurrency: 2,
        messageTimeout: MESSAGE_TIMEOUT,
        maxDeliveries: 5,
        handle: ({ context }, attempt) => this.#handle(context.messageId, attempt),
        onError: (failure) => defaultResult(failure, POLICY, 0),
        delay: async () => {},
        handled: {
          has: (id) => this.#handled.has(id),
          add: (id) => void this.#handled.add(id),
          begin: () => undefined,
          end: () => {},
          settled: async () => {},
          isTakenOver: () => false,
          letGo: async () => {},
          refresh: async () => {
            await turn();
            for (const id of stored.keys()) this.#handled.add(id);
          },
        },
        isRefused: async () => false,
        attempts: {
          unended: async (messageId) => unendedOf(attempts, messageId),
          begin: async (messageId, isAlone) =>
            void (this.isAlive && attempts.push({ messageId, kind: isAlone ? "begun alone" : "begun" })),
          end: async (messageId) => void (this.isAlive && attempts.push({ messageId, kind: "ended" })),
        },
        solitude: new Solitude(),
        report: () => {},
        want: () => {},
      },
      { now: () => world.now, random: () => 0, date: () => new Date(world.now) },
    );
    this.receiver.connected();
  }

  die(): void {
    this.isAlive = false;
    this.disconnect();
    void this.receiver.stop(AbortSignal.abort());
  }

  /** What it has in hand is handed out again; what it settles from now on reaches nobody. */
  disconnect(): void {
    this.#world.takeBack(this);
    for (const delivery of this.deliveries) delivery.disconnect();
  }

  async #handle(id: string, attempt: Attempt): Promise<void> {
    const { plans, begun, stored } = this.#world;
    const { failures, deaths, turns } = plans.find((plan) => plan.id === id)!;
    const count = (begun.get(id) ?? 0) + 1;
    begun.set(id, count);
    const death = deaths[count - 1];
    if (death === "at once") await this.#end();
    const some = turns[Math.min(count, turns.length) - 1]!;
    for (let n = 0; n < some; n += 1) await turn();
    await this.#goesOn();
    if (count <= deaths.length + failures && death === undefined) throw new Error("again");
    await attempt.confirm();
    attempt.storing();
    if (death === "before it stores") await this.#end();
    await this.#goesOn();
    // The server recognizes a repeat by its ids where the append shares nothing with others, which is what this is asked for.
    if (!stored.has(id) || !attempt.mayRepeat()) stored.set(id, (stored.get(id) ?? 0) + 1);
    if (death === "when it has stored") await this.#end();
  }

  /** Nothing goes on in a process that is gone. */
  #goesOn(): Promise<void> | undefined {
    return this.isAlive ? undefined : new Promise(() => {});
  }

  #end(): Promise<void> {
    this.die();
    return new Promise(() => {});
  }
}

const death = fc.constantFrom("at once" as const, "before it stores" as const, "when it has stored" as const);
const plan = fc.record({
  id: fc.nat(6).map(String),
  failures: fc.nat(3),
  deaths: fc.array(death, { maxLength: 2 }),
  turns: fc.array(fc.oneof(fc.nat(3), fc.nat(25)), { minLength: 1, maxLength: 3 }),
});
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("hand out" as const), process: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("turns" as const), process: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("die" as const, "cut" as const), process: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("time passes" as const), process: fc.constant(0) }) },
);

test("receiver – 46. 66. 67. whichever process dies, is cut off or stands still, wherever: each message is stored once or parked, what is stored is not parked, and none is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(plan, { selector: ({ id }) => id, minLength: 1, maxLength: 6 }),
      fc.array(step, { maxLength: 40 }),
      async (plans, steps) => {
        const world = new World(plans);
        const processes = [new Process(world), new Process(world)];
        const alive = (at: number): Process => {
          if (!processes[at]!.isAlive) processes[at] = new Process(world);
          return processes[at]!;
        };
        for (const { kind, process } of steps) {
          if (kind === "hand out") world.handOut(alive(process));
          else if (kind === "die") alive(process).die();
          else if (kind === "cut") {
            alive(process).disconnect();
            alive(process).receiver.connected();
          } else if (kind === "turns") for (let n = 0; n <= process; n += 1) await turn();
          else {
            world.now += 2 * MESSAGE_TIMEOUT;
            world.takeBack(undefined);
          }
        }
        // From here on nothing happens to them but what their messages do.
        const isSettled = (): boolean => world.queue.every(({ settled }) => settled !== undefined);
        for (let turns = 0; !isSettled(); turns += 1) {
          if (turns > 20_000)
            assert.fail(
              `never settled: ${world.queue.flatMap(({ id, settled }) => (settled === undefined ? id : []))}`,
            );
          world.handOut(alive(turns % 2));
          await turn();
          world.look();
          // What a process does not settle in time is taken back from it.
          if (turns % 500 === 499) {
            world.now += 2 * MESSAGE_TIMEOUT;
            world.takeBack(undefined);
          }
        }
        for (const process of processes) process.die();
        assert.deepEqual(world.parkedInVain, []);
        for (const { id, settled = "" } of world.queue) {
          const times = world.stored.get(id) ?? 0;
          // One that is handled by a process whose time was over may be parked by another one before it is stored.
          if (settled.startsWith("park")) assert.ok(times <= 1);
          else assert.equal(times, 1, `${id} is settled with ${settled}, and stored ${times} times`);
        }
      },
    ),
    { numRuns: Number(process.env["SLUICE_RUNS"] ?? 300), endOnFailure: true },
  );
});
