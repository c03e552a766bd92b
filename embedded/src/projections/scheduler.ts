import { workTime } from "../time/work-time.ts";

/** Time and turns of the event loop; everything in milliseconds. */
export interface Timers {
  now(): number;
  /** Time that this thread has worked; on a busy machine less than goes by. */
  worked(): number;
  /** Runs something in the next turn of the event loop, behind what has come in meanwhile. */
  nextTurn(run: () => void): void;
  after(milliseconds: number, run: () => void): void;
}

export const systemTimers: Timers = {
  now: performance.now.bind(performance),
  worked: workTime,
  nextTurn: setImmediate,
  after(milliseconds, run) {
    setTimeout(run, milliseconds);
  },
};

export interface SchedulerOptions {
  readonly timers: Timers;
  /** Settles when what was accepted to be written is on disk; rejects where that fails. */
  readonly settled: () => Promise<void>;
}

/** What a projection does at a stretch. It returns once `isOver`, asked after each event, says so. */
export type Slice<Result> = (isOver: () => boolean) => Result;

/** Milliseconds that all projections together take of one turn of the event loop, and at most one event more. */
export const TURN_MS = 5;
/** Milliseconds of work for an event from which on its projection is a slow one, until its next slice is quick again. */
export const SLOW_MS = 3;
/** So many events of a slice count at most: one that takes long among many quick ones is slow, too. */
const COUNTED = 3;
/** How long a rest is, as a share of the work before it. */
export const REST = 1 / 5;

interface Waiting {
  readonly task: Task;
  readonly start: () => void;
}

/**
 * Shares the one thread of the server among its projections and everybody else: a cooperative scheduler with time slices.
 *
 * While there is work for less than a turn nobody waits. When there is more, others are served first, and the projections go
 * on in the order in which they asked. Slow ones rest between two events, all of them together: the wire and quick projections
 * have that time, and what they write in it gets to disk and is answered. So nobody waits for more than one or two events of a
 * slow script, however many lie before it.
 *
 * Why no threads: there and back takes 45 µs, of two processors, more than twice of what a router needs for an event.
 */
export class Scheduler {
  readonly #timers: Timers;
  readonly #settled: () => Promise<void>;
  readonly #waiting: Waiting[] = [];
  /** Milliseconds of this turn. */
  #used = 0;
  /** Slow slices whose rest is not over. */
  #rests = 0;

  constructor({ timers, settled }: SchedulerOptions) {
    this.#timers = timers;
    this.#settled = settled;
  }

  /** For something that runs slice after slice. */
  task(): Task {
    const task: Task = {
      isSlow: false,
      run: (slice) =>
        new Promise((resolve, reject) => {
          const start = () => {
            try {
              resolve(this.#timed(task, slice));
            } catch (error) {
              reject(error);
            }
          };
          this.#waiting.push({ task, start });
          this.#startWaiting();
        }),
    };
    return task;
  }

  #startWaiting(): void {
    while (this.#used < TURN_MS) {
      const index = this.#waiting.findIndex(({ task }) => !task.isSlow || this.#rests === 0);
      const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (next === undefined) return;
      next.start();
    }
  }

  #timed<Result>(task: Task, slice: Slice<Result>): Result {
    const { now, worked } = this.#timers;
    const began = now();
    const workedBefore = worked();
    const end = began + TURN_MS - this.#used;
    let events = 0;
    try {
      return slice(() => {
        events++;
        return now() >= end;
      });
    } finally {
      const took = now() - began;
      this.#count(took);
      // Where Node does not tell them apart, other threads work, too.
      const work = took < SLOW_MS ? 0 : Math.min(took, worked() - workedBefore);
      task.isSlow = work >= SLOW_MS * Math.max(1, Math.min(events, COUNTED));
      if (task.isSlow) this.#rest(work * REST);
    }
  }

  #count(took: number): void {
    if (took <= 0) return;
    if (this.#used === 0) {
      this.#timers.nextTurn(() => {
        this.#used = 0;
        this.#startWaiting();
      });
    }
    this.#used += took;
  }

  #rest(milliseconds: number): void {
    this.#rests++;
    const end = () => {
      this.#rests--;
      this.#startWaiting();
    };
    // Answers go out in the turn in which the disk is done; what it refuses is the business of those who wrote.
    const endNextTurn = () => this.#timers.nextTurn(end);
    this.#timers.after(milliseconds, () => void this.#settled().then(endNextTurn, endNextTurn));
  }
}

/** One of those who share the thread. */
export interface Task {
  /** Events of its last slice took long. */
  isSlow: boolean;
  /** Runs a slice when it is this one's turn: at once if it can be. Settles with what the slice returns or throws. */
  run<Result>(slice: Slice<Result>): Promise<Result>;
}
