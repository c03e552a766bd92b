import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Scheduler, type Slice, type Task, type Timers, TURN_MS } from "../../../src/projections/scheduler.ts";

/** Time that goes by as slices say, and turns that come when they are wanted. */
class ManualTimers implements Timers {
  #now = 0;
  readonly #turns: (() => void)[] = [];
  #alarms: { readonly at: number; readonly run: () => void }[] = [];
  #worked = 0;
  readonly now = () => this.#now;
  readonly worked = () => this.#worked;
  readonly nextTurn = (run: () => void) => void this.#turns.push(run);
  readonly after = (milliseconds: number, run: () => void) =>
    void this.#alarms.push({ at: this.#now + milliseconds, run });

  /** Lets time go by within a turn. */
  work(milliseconds: number): void {
    this.#now += milliseconds;
    this.#worked += milliseconds;
  }

  /** Others have the processor. */
  lieStill(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Begins the next turn, so many milliseconds later. */
  async turn(later = 0): Promise<void> {
    this.#now += later;
    for (const run of this.#turns.splice(0)) run();
    const due = this.#alarms.filter(({ at }) => at <= this.#now);
    this.#alarms = this.#alarms.filter(({ at }) => at > this.#now);
    for (const { run } of due) run();
    await settledPromises();
  }
}

const settledPromises = () => new Promise<void>((resolve) => setImmediate(resolve));

function scene() {
  const timers = new ManualTimers();
  let onDisk = Promise.resolve();
  const scheduler = new Scheduler({ timers, settled: () => onDisk });
  const done: string[] = [];
  /** Asks for slice after slice of so many events each. */
  const keepBusy = async (name: string, task: Task, events: number, milliseconds: number, slices: number) => {
    const slice: Slice<void> = (isOver) => {
      for (let i = 0; i < events; i++) {
        timers.work(milliseconds);
        done.push(name);
        if (isOver()) break;
      }
    };
    for (let i = 0; i < slices; i++) await task.run(slice);
  };
  const start = (name: string, events: number, milliseconds: number, slices = 1) =>
    void keepBusy(name, scheduler.task(), events, milliseconds, slices);
  return { timers, scheduler, done, start, disk: (wait: Promise<void>) => (onDisk = wait) };
}

describe("scheduler", () => {
  it("scheduler – start at once what is asked for, while a turn has time left", () => {
    const { done, start } = scene();
    start("a", 1, 1);
    start("b", 1, 1);
    assert.deepEqual(done, ["a", "b"]);
  });

  it("scheduler – end a turn when its time is used, and go on in the order of asking", async () => {
    const { timers, done, start } = scene();
    start("a", 100, 1, 3);
    start("b", 100, 1, 3);
    start("c", 1, 1);
    const turns: string[] = [];
    for (let i = 0; i < 5; i++) {
      await settledPromises();
      turns.push(done.splice(0).join(""));
      await timers.turn();
    }
    assert.deepEqual(turns, ["a".repeat(TURN_MS), "b".repeat(TURN_MS), "caaaa", "bbbbb", "aaaaa"]);
  });

  it("scheduler – let a slow one rest for a fifth of its slice, and quick ones go on", async () => {
    const { timers, done, start } = scene();
    start("s", 1, 100, 3);
    await timers.turn();
    start("q", 1, 1);
    await timers.turn(18);
    assert.deepEqual(done, ["s", "q"]);
    await timers.turn(1);
    assert.deepEqual(done, ["s", "q"], "answers go out first");
    await timers.turn();
    assert.deepEqual(done, ["s", "q", "s"]);
  });

  it("scheduler – let all slow ones rest together", async () => {
    const { timers, done, start } = scene();
    start("a", 1, 100, 2);
    start("b", 1, 100, 2);
    await timers.turn();
    // Nobody knew that it is slow.
    assert.deepEqual(done, ["a", "b"]);
    await timers.turn(20);
    await timers.turn();
    assert.deepEqual(done, ["a", "b", "a"]);
    await timers.turn(20);
    assert.deepEqual(done, ["a", "b", "a"]);
    await timers.turn();
    assert.deepEqual(done, ["a", "b", "a", "b"]);
  });

  it("scheduler – take nobody for slow whom others kept from working", async () => {
    const { timers, scheduler, done } = scene();
    const task = scheduler.task();
    for (let i = 0; i < 2; i++) {
      void task.run((isOver) => {
        timers.work(1);
        timers.lieStill(100);
        isOver();
        done.push("q");
      });
    }
    assert.deepEqual(done, ["q"]);
    await timers.turn();
    assert.deepEqual(done, ["q", "q"]);
  });

  it("scheduler – rest until what was accepted is on disk, or refused", async () => {
    for (const outcome of ["written", "refused"]) {
      const { timers, done, start, disk } = scene();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      disk(promise);
      start("s", 1, 100, 2);
      for (let i = 0; i < 3; i++) await timers.turn(20);
      assert.deepEqual(done, ["s"]);
      if (outcome === "written") resolve();
      else reject(new Error("full"));
      await settledPromises();
      await timers.turn();
      assert.deepEqual(done, ["s", "s"]);
    }
  });

  it("scheduler – hand on what a slice throws, and go on with the others", async () => {
    const { timers, scheduler, done, start } = scene();
    const failing = scheduler.task().run(() => {
      timers.work(TURN_MS);
      throw new Error("broken");
    });
    start("a", 1, 1);
    await assert.rejects(failing, /broken/);
    await timers.turn();
    assert.deepEqual(done, ["a"]);
  });
});
