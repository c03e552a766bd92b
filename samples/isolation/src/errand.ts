/** What is asked of a thread: to run one handler with one message, in a heap of its own. */
export interface Errand {
  /** An expression of JavaScript that is a function. */
  readonly source: string;
  /** A JSON array: the function's arguments. */
  readonly input: string;
  /** What it may work. */
  readonly milliseconds: number;
}

/** What a thread is started with. */
export interface CellData {
  /** What the heap of a message may take. */
  readonly bytes: number;
}

/** Why a handler gave no answer. */
export type Failing = "threw" | "took too long" | "took too much memory";

/** What it threw, as data. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** What came of an errand: what the function returned, as JSON, or why it did not. */
export type Outcome = { readonly output: string } | { readonly failed: Failing; readonly thrown?: Thrown };
