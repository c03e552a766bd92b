import { InvalidPattern } from "./invalid-pattern.ts";

/** Words that stand for others: one, any number, and at the end one or more. */
const WILDCARDS: ReadonlySet<string> = new Set(["*", "#", ">"]);

const wordsOf = (text: string): readonly string[] => text.split(".");

/** Whether one of its words, which dots separate, stands for others. */
export const hasWildcard = (pattern: string): boolean => wordsOf(pattern).some((word) => WILDCARDS.has(word));

/** Whether a message of that type is one that the pattern means: `*` is one word, `#` any number of words, `>` at the end one or more. */
export const matchesPattern = (pattern: string, type: string): boolean => matches(wordsOf(pattern), wordsOf(type));

function matches([first, ...rest]: readonly string[], words: readonly string[]): boolean {
  if (first === undefined) return words.length === 0;
  if (first === "#") return matches(rest, words) || (words.length > 0 && matches([first, ...rest], words.slice(1)));
  if (words.length === 0) return false;
  if (first === ">" && rest.length === 0) return true;
  return (first === "*" || first === words[0]) && matches(rest, words.slice(1));
}

/**
 * What has to be subscribed to for a pattern: types, and namespaces such as `orders.*`, which may be more than the pattern means.
 * @throws InvalidPattern where it begins with a wildcard.
 */
export function subscriptionsFor(pattern: string): readonly string[] {
  if (!hasWildcard(pattern)) return [pattern];
  const words = wordsOf(pattern);
  const stem = words.slice(
    0,
    words.findIndex((word) => WILDCARDS.has(word)),
  );
  if (stem.length === 0) throw new InvalidPattern(pattern);
  const namespace = `${stem.join(".")}.*`;
  return matches(words, stem) ? [stem.join("."), namespace] : [namespace];
}
