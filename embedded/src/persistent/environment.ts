import type { NewId } from "./new-id.ts";

/** Time, chance and turns, which groups do not take for themselves. */
export interface Environment {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: NewId;
  /** Runs something when everybody else has had a turn. */
  readonly defer: (run: () => void) => void;
}
