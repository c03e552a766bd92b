import { workTime } from "../../time/work-time.ts";

/** What a script's time is measured with, in milliseconds. */
export interface Clock {
  /** Time that goes by. */
  now(): number;
  /** Time that this thread has worked. */
  worked(): number;
}

export const systemClock: Clock = {
  now: performance.now.bind(performance),
  worked: workTime,
};

/**
 * Says when a call has taken longer than it may.
 *
 * Time that goes by is not enough: on a busy machine the process may lie still for as long in the middle of the shortest call.
 * So the thread must also have worked for half of that time since a quarter of it went by; most calls end sooner, and never ask the
 * system what the thread has worked.
 */
export class Stopwatch {
  readonly #clock: Clock;
  #started = 0;
  #allowed = Number.POSITIVE_INFINITY;
  #workedBefore: number | undefined;
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(allowed: number): void {
    this.#started = this.#clock.now();
    this.#allowed = allowed;
    this.#workedBefore = undefined;
    this.#isOver = false;
  }

  /** Asked from time to time while the call runs. */
  check(): boolean {
    const { elapsed } = this;
    if (elapsed * 4 < this.#allowed) return false;
    this.#workedBefore ??= this.#clock.worked();
    this.#isOver = elapsed > this.#allowed && this.#clock.worked() - this.#workedBefore > this.#allowed / 2;
    return this.#isOver;
  }

  /** Whether the call was found to have taken too long. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get elapsed(): number {
    return this.#clock.now() - this.#started;
  }
}
