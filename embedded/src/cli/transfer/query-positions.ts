import { createHash } from "node:crypto";

/**
 * Places in the log that stand in the text of a query, such as `e.linkMetadata.$c < 4711`: "from here on" is all that such a
 * number can mean, and it means another event in another log.
 */
const POSITION = /(\$c\s*(?:<|>=)\s*)(\d+)(?![\d.])/g;

/** The first line of what Sluice's transport generates ends with a hash of the rest, by which it knows edits by hand. */
const GENERATED = /^\/\/ sluice ([a-z ]+) of (\S+) ([0-9a-f]{16})\n/;

export function positionsIn(query: string): readonly number[] {
  return [...query.matchAll(POSITION)].map((match) => Number(match[2])).filter((position) => position > 0);
}

/** Whether the query looks at places in the log in another way than this. */
export function comparesOtherwise(query: string): boolean {
  return /\$[cp]\b/.test(query.replaceAll(POSITION, ""));
}

/** The query with its positions replaced; one that was as generated still is. */
export function withPositions(query: string, replace: (position: number) => number): string {
  const generated = GENERATED.exec(query);
  const mapped = query.replaceAll(POSITION, (_, comparison: string, position: string) => {
    const number = Number(position);
    return `${comparison}${number === 0 ? 0 : replace(number)}`;
  });
  if (generated === null) return mapped;
  const [line, kind = "", component = "", written] = generated;
  if (hashOf(kind, component, query.slice(line.length)) !== written) return mapped;
  const rest = mapped.slice(line.length);
  return `// sluice ${kind} of ${component} ${hashOf(kind, component, rest)}\n${rest}`;
}

const hashOf = (kind: string, component: string, rest: string): string =>
  createHash("sha256").update(`${kind}\n${component}\n${rest}`).digest("hex").slice(0, 16);
