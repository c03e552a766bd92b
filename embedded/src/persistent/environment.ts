import type { CompilePattern } from "./all-filter.ts";
import type { NewId } from "./new-id.ts";

/** What groups do not take for themselves: time, chance, turns, the syntax of patterns. */
export interface Environment {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: NewId;
  /** Runs something when everybody else has had a turn. */
  readonly defer: (run: () => void) => void;
  readonly compilePattern: CompilePattern;
}
