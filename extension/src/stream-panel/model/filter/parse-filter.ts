import { type JsonScalar, parsePath } from "../../../events/json/path.ts";
import { parseTime } from "../../../events/time.ts";
import { type Filter, KINDS, type Kind, OPERATORS, type Term, type Test } from "./filter.ts";

/** Where a filter cannot be read, and what would be right there. */
export interface FilterProblem {
  /** Index of the first character that is wrong. */
  readonly at: number;
  readonly kind: "unknown-kind" | "unknown-word" | "no-path" | "no-value" | "no-time" | "unclosed-quote";
  /** What stands there. */
  readonly text: string;
}

export type ParsedFilter =
  | { readonly filter: Filter; readonly problem?: never }
  | { readonly filter?: never; readonly problem: FilterProblem };

/** Looks like a word with a meaning, and has none. */
const UNKNOWN = /[A-Za-z]+:/y;
/** Looks like a comparison, and has no path. */
const COMPARISON = /\$|[\p{L}\p{N}_.[\]-]+(?:[=<>]|!=)/uy;
const SPACES = /\s*/y;
const PREFIX = /(?<prefix>type|stream|meta|is|after|before):/y;
const QUOTED = /"(?<quoted>(?:[^"\\]|\\.)*)"/y;
const BARE = /[^\s"]+/y;
/** A value ends at space; a list of names may hold quoted ones. */
const NAMES = /(?:[^\s",]|"(?:[^"\\]|\\.)*")+(?:,(?:[^\s",]|"(?:[^"\\]|\\.)*")+)*/y;

/**
 * Reads a filter: terms with space between them, each with a minus in front to turn it round.
 *
 *   type:OrderPlaced,Order*   stream:order-*   "any text"   word   meta:word
 *   $.total>=100   $.customer["first name"]="Ann"   $.note~gift   $.discount   meta:$.$correlationId=…
 *   is:link   is:broken   is:binary   after:2026-01-31T10:00   before:2026-02-01   after:9:30   after:-15m
 *
 * What looks like one of these and is none is a problem, never silently text: text with such signs stands in quotes.
 * @param now in milliseconds since 1970, for times of today and how long ago
 */
export function parseFilter(text: string, now: number): ParsedFilter {
  const terms: Term[] = [];
  let at = matchEnd(SPACES, text, 0) ?? 0;
  while (at < text.length) {
    const isNegated = text.charAt(at) === "-" && /\S/.test(text.charAt(at + 1));
    const term = readTest(text, isNegated ? at + 1 : at, now);
    if ("problem" in term) {
      return { problem: term.problem };
    }
    terms.push({ test: term.test, isNegated });
    at = matchEnd(SPACES, text, term.end) ?? text.length;
  }
  return { filter: terms };
}

type Read = { readonly test: Test; readonly end: number } | { readonly problem: FilterProblem };

function readTest(text: string, start: number, now: number): Read {
  PREFIX.lastIndex = start;
  const prefix = PREFIX.exec(text)?.groups?.["prefix"];
  const at = prefix === undefined ? start : PREFIX.lastIndex;
  switch (prefix) {
    case "type":
    case "stream": {
      const end = matchEnd(NAMES, text, at);
      return end === undefined
        ? problem("no-value", text, at)
        : { test: { on: prefix, patterns: namesIn(text.slice(at, end)) }, end };
    }
    case "is": {
      const end = matchEnd(BARE, text, at) ?? at;
      const kind = text.slice(at, end);
      return isKind(kind) ? { test: { on: "kind", kind }, end } : problem("unknown-kind", text, at);
    }
    case "after":
    case "before": {
      const read = readWord(text, at);
      if ("problem" in read) return read;
      const time = parseTime(read.word, now);
      return time === undefined
        ? problem("no-time", text, at)
        : { test: { on: "created", order: prefix, time }, end: read.end };
    }
    default: {
      const isMetadata = prefix === "meta";
      return /^\$[.[]/.test(text.slice(at, at + 2))
        ? readPath(text, at, isMetadata ? "metadata-path" : "data-path")
        : (misread(text, at) ?? readText(text, at, isMetadata ? "metadata" : "text"));
    }
  }
}

function readPath(text: string, start: number, on: "data-path" | "metadata-path"): Read {
  const parsed = parsePath(text.slice(start));
  if (parsed === undefined) {
    return problem("no-path", text, start);
  }
  const { path } = parsed;
  const end = start + parsed.length;
  const operator = OPERATORS.find((operator) => text.startsWith(operator, end));
  if (operator === undefined) {
    return end === text.length || /\s/.test(text.charAt(end))
      ? { test: { on, path }, end }
      : problem("no-path", text, end);
  }
  const valueStart = end + operator.length;
  const read = readWord(text, valueStart);
  if ("problem" in read) {
    return read;
  }
  const value = read.isQuoted ? read.word : scalar(read.word);
  return { test: { on, path, comparison: { operator, value, text: read.word } }, end: read.end };
}

function misread(text: string, at: number): { readonly problem: FilterProblem } | undefined {
  const unknown = matchEnd(UNKNOWN, text, at);
  if (unknown !== undefined) return { problem: { kind: "unknown-word", at, text: text.slice(at, unknown) } };
  return matchEnd(COMPARISON, text, at) === undefined ? undefined : problem("no-path", text, at);
}

function readText(text: string, start: number, on: "text" | "metadata"): Read {
  const read = readWord(text, start);
  return "problem" in read ? read : { test: { on, text: read.word }, end: read.end };
}

function readWord(
  text: string,
  start: number,
): { readonly word: string; readonly isQuoted: boolean; readonly end: number } | { readonly problem: FilterProblem } {
  if (text.charAt(start) === '"') {
    QUOTED.lastIndex = start;
    const quoted = QUOTED.exec(text)?.groups?.["quoted"];
    return quoted === undefined
      ? problem("unclosed-quote", text, start)
      : { word: unescaped(quoted), isQuoted: true, end: QUOTED.lastIndex };
  }
  const end = matchEnd(BARE, text, start);
  return end === undefined ? problem("no-value", text, start) : { word: text.slice(start, end), isQuoted: false, end };
}

function scalar(word: string): JsonScalar {
  if (/^-?\d+$/.test(word)) {
    const number = Number(word);
    return Number.isSafeInteger(number) ? number : BigInt(word);
  }
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(word)) {
    return Number(word);
  }
  return word === "true" ? true : word === "false" ? false : word === "null" ? null : word;
}

function namesIn(list: string): readonly string[] {
  return [...list.matchAll(/"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>[^,]+)/g)].map(
    ({ groups }) => groups?.["bare"] ?? unescaped(groups?.["quoted"] ?? ""),
  );
}

function isKind(word: string): word is Kind {
  return (KINDS as readonly string[]).includes(word);
}

function problem(kind: FilterProblem["kind"], text: string, at: number): { readonly problem: FilterProblem } {
  return { problem: { kind, at, text: text.slice(at, at + 40) } };
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function unescaped(quoted: string): string {
  return quoted.replace(/\\(.)/g, "$1");
}
