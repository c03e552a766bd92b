import { AssertionError } from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

/** @throws AssertionError that says what was expected. */
export function expectThat(holds: boolean, expected: string): asserts holds {
  if (!holds) throw new AssertionError({ message: `Expected ${expected}.` });
}

/** @throws AssertionError with both values and what was expected to be equal. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new AssertionError({
    message: `Expected ${what}: ${inWords(expected)}, and it was ${inWords(actual)}.`,
    actual,
    expected,
  });
}

/** @throws AssertionError unless the same are in both, as often, in any order. */
export function expectSame(actual: Iterable<string>, expected: Iterable<string>, what: string): void {
  expectEqual([...actual].sort(), [...expected].sort(), what);
}

function inWords(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
