import type { LogRecord } from "../log/record.ts";

/** Which records of `$all` a group wants. */
export interface AllFilter {
  readonly on: "stream" | "type";
  readonly by: "prefix" | "regex";
  /** The prefixes, any of which will do; or the one pattern. */
  readonly values: readonly string[];
}

/** The filter as a test of records. Throws a SyntaxError for a pattern that is none. */
export function matcherOf({ on, by, values }: AllFilter): (record: LogRecord) => boolean {
  const matches = by === "regex" ? patternMatcher(values[0] ?? "") : prefixMatcher(values);
  return on === "stream" ? (record) => matches(record.stream) : (record) => matches(record.type);
}

/** No prefix at all, like an empty one, lets everything through (corrections 1.11). */
function prefixMatcher(prefixes: readonly string[]): (text: string) => boolean {
  if (prefixes.length === 0) return () => true;
  return (text) => prefixes.some((prefix) => text.startsWith(prefix));
}

function patternMatcher(pattern: string): (text: string) => boolean {
  const expression = new RegExp(pattern, "u");
  return (text) => expression.test(text);
}
