import type { Pattern } from "./pattern.ts";

/** From when on: what comes from now on, or all of history first. */
export type From = "now" | "start";

/** What a component is to the others, as plain data: enough to plan, draw and compare what is deployed for it. */
export interface ComponentShape {
  readonly name: string;
  /** Types of the commands it handles. */
  readonly commands: readonly string[];
  /** Types of the replies it handles. */
  readonly replies: readonly string[];
  /** What it subscribes to. */
  readonly events: Readonly<Record<Pattern, From>>;
  /**
   * Categories of its aggregates and process managers. Where a category has events already, `from` says whether these are
   * published, too.
   */
  readonly categories: Readonly<Record<string, From>>;
  /** Milliseconds after which the server hands out again what was not settled. */
  readonly messageTimeout: number;
}
