import type { SourcePlace } from "./source-file.ts";

/** What something had to be, and was not. */
export type Wanted =
  | "text"
  | "number"
  | "options"
  | "message"
  | "function"
  | "aggregate"
  | "process-manager"
  | "view"
  | "list"
  | "from";

/** Why something cannot be told from the sources alone. */
export type UnreadableReason =
  /** It is made while the program runs. */
  | { readonly kind: "not-constant" }
  /** It is a parameter, and differs from call to call. */
  | { readonly kind: "parameter"; readonly name: string }
  /** It is a variable that changes. */
  | { readonly kind: "changing"; readonly name: string }
  /** Nothing of this name is declared. */
  | { readonly kind: "unknown-name"; readonly name: string }
  /** It comes from a module that is not among the sources. */
  | { readonly kind: "outside"; readonly module: string }
  | { readonly kind: "not-exported"; readonly module: string; readonly name: string }
  /** It is declared under a condition, in a loop, or in a function that is called elsewhere. */
  | { readonly kind: "conditional" }
  /** What declares is handed to something that cannot be followed. */
  | { readonly kind: "handed-on" }
  | { readonly kind: "unexpected"; readonly wanted: Wanted }
  /** A command that another component owns. */
  | { readonly kind: "wrong-owner"; readonly type: string; readonly owner: string }
  /** The name of a component or category that is taken already. */
  | { readonly kind: "declared-twice"; readonly name: string }
  /** The transport refuses it when it runs, with this sentence. */
  | { readonly kind: "refused"; readonly sentence: string };

/** Something that is not readable here: it is told with its reason, never guessed. */
export interface Unreadable {
  readonly reason: UnreadableReason;
  readonly place: SourcePlace;
}

export const isUnreadable = (value: object): value is Unreadable => "reason" in value;
