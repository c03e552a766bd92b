/** The type of a message's body, or of a part of it, as far as JSON goes. */
export type BodyType =
  | { readonly kind: "unknown" }
  /** A body that is no JSON. */
  | { readonly kind: "bytes" }
  | { readonly kind: "null" }
  | { readonly kind: "boolean" }
  | {
      readonly kind: "number";
      /** Whole numbers beyond 2^53 are among them, of which JavaScript loses digits. */
      readonly isInexact: boolean;
    }
  | {
      readonly kind: "string";
      /** What all of them are in ISO 8601. */
      readonly format?: "date" | "date and time";
    }
  /** One of a few texts. */
  | { readonly kind: "literals"; readonly values: readonly string[] }
  | { readonly kind: "array"; readonly element: BodyType }
  /** Keys that are data, and not names. */
  | { readonly kind: "record"; readonly value: BodyType }
  | { readonly kind: "object"; readonly members: readonly Member[] }
  /** Two or more, none of which is a union or unknown. */
  | { readonly kind: "union"; readonly of: readonly BodyType[] };

export interface Member {
  readonly name: string;
  readonly type: BodyType;
  readonly isOptional: boolean;
}

export const UNKNOWN: BodyType = { kind: "unknown" };

/** One of these types; the same type for one. */
export function unionOf(types: readonly BodyType[]): BodyType {
  const [first, ...others] = types;
  if (first === undefined) return UNKNOWN;
  return others.length === 0 ? first : { kind: "union", of: types };
}
