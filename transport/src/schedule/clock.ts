/** The clock on the wall and its timers, given so that tests turn it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once, after so many milliseconds. @returns what calls it off. */
  setTimer(milliseconds: number, callback: () => void): () => void;
}

/** Longest that Node's timers wait; one that is to wait longer fires at once. */
const LONGEST = 2_147_483_647;

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  setTimer(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(LONGEST, Math.max(0, milliseconds)));
    return () => clearTimeout(timer);
  },
};
