import * as v from "valibot";

/** A 64-bit number that is not negative. */
export const decimals = v.pipe(v.string(), v.regex(/^\d{1,20}$/));

export const placeSchema = v.union([
  v.strictObject({ revision: decimals }),
  v.strictObject({ commit: decimals, prepare: decimals }),
]);

export const sourceSchema = v.union([v.strictObject({ stream: v.string() }), v.strictObject({ all: v.literal(true) })]);

/** The stream, or the log of all streams. */
export type PanelSource = v.InferOutput<typeof sourceSchema>;

export function isSameSource(one: PanelSource, other: PanelSource): boolean {
  return "all" in one ? "all" in other : "stream" in other && one.stream === other.stream;
}
