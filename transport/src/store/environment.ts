/** Time and chance, given so that tests decide them. */
export interface Environment {
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
}
