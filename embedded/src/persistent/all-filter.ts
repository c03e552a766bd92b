import type { LogRecord } from "../log/record.ts";

/** Which records of `$all` a group wants. */
export interface AllFilter {
  readonly on: "stream" | "type";
  readonly by: "prefix" | "regex";
  /** The prefixes, any of which will do; or the one pattern. */
  readonly values: readonly string[];
}

/** Makes an expression of a pattern as clients write them, in .NET's syntax. Throws for one that is none. */
export type CompilePattern = (source: string) => Pattern;

export interface Pattern {
  test(text: string): boolean;
}

/** The filter as a test of records. */
export function matcherOf({ on, by, values }: AllFilter, compile: CompilePattern): (record: LogRecord) => boolean {
  const matches = by === "regex" ? patternMatcher(compile(values[0] ?? "")) : prefixMatcher(values);
  return on === "stream" ? (record) => matches(record.stream) : (record) => matches(record.type);
}

/** No prefix at all, like an empty one, lets everything through (corrections 1.11). */
function prefixMatcher(prefixes: readonly string[]): (text: string) => boolean {
  if (prefixes.length === 0) return () => true;
  return (text) => prefixes.some((prefix) => text.startsWith(prefix));
}

const patternMatcher =
  (pattern: Pattern) =>
  (text: string): boolean =>
    pattern.test(text);
