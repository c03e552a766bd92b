import type { Clock } from "../../src/index.ts";

/** A clock that stands until it is turned. */
export interface VirtualClock extends Clock {
  /** Turns it on, and rings what is due by then, the earliest first. */
  turn(milliseconds: number): void;
  /** Timers that are set. */
  readonly timers: number;
}

export function virtualClock(start: number): VirtualClock {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    now: () => now,
    setTimer(milliseconds, callback) {
      const timer = { at: now + milliseconds, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    turn(milliseconds) {
      now += milliseconds;
      for (const timer of [...timers].toSorted((a, b) => a.at - b.at)) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.callback();
      }
    },
    get timers() {
      return timers.size;
    },
  };
}
