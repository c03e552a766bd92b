import { InexactNumber } from "./inexact-number.ts";

/** Parts that lie deeper than this are not looked into. */
const DEEPEST = 12;

/** Different texts that are kept apart; where there are more, they are no literals. */
const TEXTS_KEPT = 32;

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const DATE_AND_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T[0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** What was seen at one place of many bodies. */
export class Observed {
  nulls = 0;
  booleans = 0;
  numbers = 0;
  inexactNumbers = 0;
  strings = 0;
  dates = 0;
  datesAndTimes = 0;
  /** How often each text came; undefined once there were too many. */
  texts: Map<string, number> | undefined = new Map();
  objects = 0;
  /** In the order in which they were first seen. */
  readonly members = new Map<string, Observed>();
  arrays = 0;
  element: Observed | undefined;
  /** Objects and arrays that lie too deep to be looked into. */
  deep = 0;

  get count(): number {
    return this.nulls + this.booleans + this.numbers + this.strings + this.objects + this.arrays + this.deep;
  }

  /** Takes in what `JSON.parse` has read, with {@link InexactNumber}s. */
  add(value: unknown, depth = 0): void {
    if (value === null) this.nulls += 1;
    else if (typeof value === "boolean") this.booleans += 1;
    else if (typeof value === "string") this.#addText(value);
    else if (typeof value === "number") this.numbers += 1;
    else if (value instanceof InexactNumber) {
      this.numbers += 1;
      this.inexactNumbers += 1;
    } else if (depth === DEEPEST) this.deep += 1;
    else if (Array.isArray(value)) this.#addArray(value, depth);
    else if (typeof value === "object") this.#addObject(value, depth);
  }

  #addText(text: string): void {
    this.strings += 1;
    if (DATE.test(text)) this.dates += 1;
    else if (DATE_AND_TIME.test(text)) this.datesAndTimes += 1;
    this.texts?.set(text, (this.texts.get(text) ?? 0) + 1);
    if (this.texts !== undefined && this.texts.size > TEXTS_KEPT) this.texts = undefined;
  }

  #addArray(values: readonly unknown[], depth: number): void {
    this.arrays += 1;
    if (values.length > 0) this.element ??= new Observed();
    for (const value of values) this.element?.add(value, depth + 1);
  }

  #addObject(value: object, depth: number): void {
    this.objects += 1;
    for (const [name, part] of Object.entries(value)) {
      let member = this.members.get(name);
      if (member === undefined) this.members.set(name, (member = new Observed()));
      member.add(part, depth + 1);
    }
  }

  /** Takes in what was seen at another place. */
  merge(other: Observed): void {
    this.nulls += other.nulls;
    this.booleans += other.booleans;
    this.numbers += other.numbers;
    this.inexactNumbers += other.inexactNumbers;
    this.strings += other.strings;
    this.dates += other.dates;
    this.datesAndTimes += other.datesAndTimes;
    this.objects += other.objects;
    this.arrays += other.arrays;
    this.deep += other.deep;
    this.#mergeTexts(other.texts);
    if (other.element !== undefined) (this.element ??= new Observed()).merge(other.element);
    for (const [name, seen] of other.members) {
      let member = this.members.get(name);
      if (member === undefined) this.members.set(name, (member = new Observed()));
      member.merge(seen);
    }
  }

  #mergeTexts(others: ReadonlyMap<string, number> | undefined): void {
    const all = this.texts;
    if (all === undefined) return;
    for (const [text, times] of others ?? []) all.set(text, (all.get(text) ?? 0) + times);
    if (others === undefined || all.size > TEXTS_KEPT) this.texts = undefined;
  }
}
