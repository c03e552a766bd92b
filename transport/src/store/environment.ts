/** Time and chance, given so that tests decide them. */
export interface Environment {
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
}

/** The time and chance of this machine. */
export const SYSTEM_ENVIRONMENT: Environment = Object.freeze({
  now: () => performance.now(),
  random: () => Math.random(),
});
