import type { RecordedEvent, StreamEntry } from "../../../event-store/event-store.ts";
import { contentOf } from "../../../events/content.ts";
import { type JsonPath, type JsonScalar, valueAt } from "../../../events/json/path.ts";
import { eventOf, isLink } from "../../../events/link.ts";
import type { Comparison, Filter, Kind, Test } from "./filter.ts";

export type Predicate = (entry: StreamEntry) => boolean;

/** What decides whether an entry is shown: cheap terms first, bodies decoded and parsed only where those let it through. */
export function predicateOf(filter: Filter): Predicate {
  const tests = filter
    .toSorted((a, b) => costOf(a.test) - costOf(b.test))
    .map(({ test, isNegated }) => ({ fits: decider(test), isNegated }));
  return (entry) => tests.every(({ fits, isNegated }) => fits(entry) !== isNegated);
}

function costOf(test: Test): number {
  return test.on === "data-path" || test.on === "metadata-path"
    ? 2
    : test.on === "text" || test.on === "metadata"
      ? 1
      : 0;
}

function decider(test: Test): Predicate {
  switch (test.on) {
    case "type":
    case "stream": {
      const pattern = namePattern(test.patterns);
      const { on } = test;
      return (entry) => pattern.test(eventOf(entry)[on]);
    }
    case "text": {
      const wanted = test.text.toLowerCase();
      return (entry) => {
        const event = eventOf(entry);
        return (
          event.type.toLowerCase().includes(wanted) ||
          event.stream.toLowerCase().includes(wanted) ||
          event.id === wanted ||
          textOf(event.data).toLowerCase().includes(wanted)
        );
      };
    }
    case "metadata": {
      const wanted = test.text.toLowerCase();
      return (entry) => textOf(eventOf(entry).metadata).toLowerCase().includes(wanted);
    }
    case "data-path":
      return (entry) => pathFits(eventOf(entry).data, test.path, test.comparison);
    case "metadata-path":
      return (entry) => pathFits(eventOf(entry).metadata, test.path, test.comparison);
    case "kind":
      return (entry) => isOfKind(entry, test.kind);
    case "created":
      return (entry) =>
        test.order === "after" ? eventOf(entry).created >= test.time : eventOf(entry).created < test.time;
  }
}

/** `*` for any characters, everything else as it is, from the first character to the last. */
function namePattern(patterns: readonly string[]): RegExp {
  const alternatives = patterns.map((pattern) => pattern.split("*").map(escaped).join(".*"));
  return new RegExp(`^(?:${alternatives.join("|")})$`, "s");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function isOfKind(entry: StreamEntry, kind: Kind): boolean {
  switch (kind) {
    case "link":
      return isLink(entry.recorded);
    case "event":
      return !isLink(entry.recorded);
    case "broken":
      return isLink(entry.recorded) && entry.target === undefined;
    default: {
      const event: RecordedEvent = eventOf(entry);
      return contentOf(event.data, event.isJson) === kind;
    }
  }
}

function pathFits(bytes: Uint8Array, path: JsonPath, comparison: Comparison | undefined): boolean {
  let value: JsonScalar | object | undefined;
  try {
    value = valueAt(textOf(bytes), path);
  } catch {
    // No JSON has no path.
    return false;
  }
  return value !== undefined && (comparison === undefined || compare(value, comparison));
}

function compare(value: JsonScalar | object, { operator, value: wanted, text }: Comparison): boolean {
  if (operator === "~") {
    const whole = typeof value === "object" ? JSON.stringify(value) : String(value);
    return whole.toLowerCase().includes(text.toLowerCase());
  }
  // As it is written too: "007" in a body is found by 007, although that reads as a number.
  const isEqual = value === text || (isNumeric(value) && isNumeric(wanted) ? equals(value, wanted) : value === wanted);
  if (operator === "=" || operator === "!=") {
    return isEqual === (operator === "=");
  }
  const isComparable =
    (isNumeric(value) && isNumeric(wanted)) || (typeof value === "string" && typeof wanted === "string");
  if (!isComparable) {
    return false;
  }
  switch (operator) {
    case ">":
      return value > wanted;
    case ">=":
      return value >= wanted;
    case "<":
      return value < wanted;
    case "<=":
      return value <= wanted;
  }
}

/** A bigint equals the number of the same value, which `===` denies. */
function equals(a: number | bigint, b: number | bigint): boolean {
  return !(a < b) && !(a > b);
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function textOf(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

const DECODER = new TextDecoder();
