import { type Node, parse } from "acorn";

/** All nodes of a query, outer ones before those within; none of one that does not parse: the engine tells why. */
export function nodesOf(query: string): readonly Node[] {
  let program: Node;
  try {
    program = parse(query, { ecmaVersion: "latest", sourceType: "script" });
  } catch {
    return [];
  }
  const found: Node[] = [];
  const waiting: unknown[] = [program];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null) continue;
    if (isNode(value)) found.push(value);
    // One by one: a list may have more of them than a call takes arguments.
    for (const child of Object.values(value) as unknown[]) waiting.push(child);
  }
  return found.toSorted((a, b) => a.start - b.start);
}

/** What is to stand in a query in the place of a stretch of it. */
export interface QueryEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The query with these edits, none of which overlaps another; of several at one place in their order. */
export function edited(query: string, edits: readonly QueryEdit[]): string {
  let out = "";
  let copied = 0;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    out += query.slice(copied, start) + text;
    copied = end;
  }
  return out + query.slice(copied);
}

function isNode(value: object): value is Node {
  return typeof (value as Partial<Node>).type === "string";
}
