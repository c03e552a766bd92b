/** What may be written at a place of a draft, which may be unfinished anywhere. */
export interface DraftPlace {
  /** The name of a member, or a value. */
  readonly kind: "key" | "value";
  /** The names of the members that it lies in, from the outermost; an empty one for each list. */
  readonly path: readonly string[];
  /** The members that stand before it in the same object. */
  readonly siblings: readonly string[];
  /** What it takes the place of: the text in quotes that is begun there, with the quotes, or nothing. */
  readonly from: number;
  readonly to: number;
}

interface Open {
  readonly isObject: boolean;
  readonly siblings: string[];
  /** The member whose value comes; undefined where a name does. */
  member: string | undefined;
}

/** Undefined where nothing can be proposed, as in a comment. */
export function draftPlace(text: string, offset: number): DraftPlace | undefined {
  const open: Open[] = [];
  const placeAt = (from: number, to: number): DraftPlace | undefined => {
    const inner = open.at(-1);
    if (inner === undefined) return undefined;
    const isKey = inner.isObject && inner.member === undefined;
    const path = open.slice(0, isKey ? -1 : undefined).map(({ isObject, member = "" }) => (isObject ? member : ""));
    return { kind: isKey ? "key" : "value", path, siblings: [...inner.siblings], from, to };
  };
  for (const { kind, from, to } of parts(text)) {
    if (from >= offset) break;
    const isInside = offset < to;
    if (kind === "comment") {
      // At the end of its line one is still in it.
      if (offset <= to) return undefined;
    } else if (kind === "text") {
      const isClosed = to - from > 1 && text[to - 1] === '"';
      if (isInside || (offset === to && !isClosed)) return placeAt(from, to);
      const inner = open.at(-1);
      if (inner?.isObject === true && inner.member === undefined) {
        inner.member = textOf(text.slice(from, to));
        inner.siblings.push(inner.member);
      }
    } else {
      step(text.charAt(from), open);
    }
  }
  return placeAt(offset, offset);
}

/** The texts that members of the draft itself have, such as its stream; broken parts are passed over. */
export function draftTexts(text: string): ReadonlyMap<string, string> {
  const open: Open[] = [];
  const texts = new Map<string, string>();
  for (const { kind, from, to } of parts(text)) {
    const inner = open.at(-1);
    if (kind === "mark") step(text.charAt(from), open);
    if (kind !== "text" || inner?.isObject !== true) continue;
    if (inner.member === undefined) inner.member = textOf(text.slice(from, to));
    else if (open.length === 1) texts.set(inner.member, textOf(text.slice(from, to)));
  }
  return texts;
}

function step(mark: string, open: Open[]): void {
  if (mark === "{" || mark === "[") open.push({ isObject: mark === "{", siblings: [], member: undefined });
  else if (mark === "}" || mark === "]") open.pop();
  else if (mark === ",") {
    const inner = open.at(-1);
    if (inner !== undefined) inner.member = undefined;
  }
}

const PART = /(?<comment>\/\/[^\n]*|\/\*.*?(?:\*\/|$))|(?<text>"(?:[^"\\\n]|\\.)*(?:"|$|(?=\n)))|(?<mark>[{}[\],])/gs;

function* parts(text: string) {
  for (const { index, 0: part, groups } of text.matchAll(PART)) {
    const kind = groups?.["comment"] !== undefined ? "comment" : groups?.["text"] !== undefined ? "text" : "mark";
    yield { kind, from: index, to: index + part.length } as const;
  }
}

function textOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    // Not closed yet, or with an escape that is not finished.
    return quoted.replace(/^"/, "");
  }
}
