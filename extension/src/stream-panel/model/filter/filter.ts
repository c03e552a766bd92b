import type { JsonPath, JsonScalar } from "../../../events/json/path.ts";

/** What an event must be like to be shown: all of its terms. */
export type Filter = readonly Term[];

export interface Term {
  readonly test: Test;
  /** Written with a minus: what fits is left out. */
  readonly isNegated: boolean;
}

export type Test =
  /** One of these, where `*` stands for any characters. */
  | { readonly on: "type" | "stream"; readonly patterns: readonly string[] }
  /** Anywhere in the body (or metadata), whatever the case; in the body's event type and stream too. */
  | { readonly on: "text" | "metadata"; readonly text: string }
  | { readonly on: "data-path" | "metadata-path"; readonly path: JsonPath; readonly comparison?: Comparison }
  | { readonly on: "kind"; readonly kind: Kind }
  /** Written after or before, in milliseconds since 1970. */
  | { readonly on: "created"; readonly order: "after" | "before"; readonly time: number };

export type Kind = (typeof KINDS)[number];

export const KINDS = ["link", "event", "broken", "json", "text", "binary", "empty"] as const;

export interface Comparison {
  readonly operator: Operator;
  readonly value: JsonScalar;
  /** The value as it was written. */
  readonly text: string;
}

export type Operator = (typeof OPERATORS)[number];

/** Longer ones first, so that `>=` is not read as `>`. */
export const OPERATORS = ["!=", ">=", "<=", "=", ">", "<", "~"] as const;
