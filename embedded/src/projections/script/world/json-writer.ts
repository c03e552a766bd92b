import type { Fatal } from "./fatal.ts";
import { numberText } from "./number-text.ts";

/** Writes a value as the server writes states, results and bodies. */
export interface JsonWriter {
  write(value: unknown): string;
  /** A list's or object's own properties as the server walks them, hidden ones included; undefined for an accessor's value. */
  entries(value: object): readonly (readonly [name: string, value: unknown])[];
}

/**
 * The server's writer is not `JSON.stringify`: it writes own properties, hidden ones included, asks neither `toJSON` nor getters,
 * and faults on what it cannot write (corrections 3.1 "state", goldens `projection-language/state-values-*`).
 *
 * `complete` makes an event whole before it is written. Runs inside the sandbox; see `source.ts`.
 */
export function makeJsonWriter({ fail }: Fatal, complete: (value: object) => void): JsonWriter {
  const DEPTH = 64;
  const { stringify } = JSON;
  const { ownKeys } = Reflect;
  const { getPrototypeOf, hasOwn, prototype } = Object;
  const getterOf = Object.getOwnPropertyDescriptor(prototype, "__lookupGetter__")?.value as (name: string) => unknown;
  const setterOf = Object.getOwnPropertyDescriptor(prototype, "__lookupSetter__")?.value as (name: string) => unknown;
  const sourceOf = Function.prototype.toString;
  const tagOf = prototype.toString;
  const quotedNames = new Map<string, string>();
  const INDEX = /^(?:0|[1-9]\d*)$/;

  return { write: (value) => (isBare(value) ? "{}" : text(value, 0)), entries };

  /** An object with nothing in it: the state of all projections that only link, after each event. */
  function isBare(value: unknown): boolean {
    return (
      typeof value === "object" && value !== null && getPrototypeOf(value) === prototype && ownKeys(value).length === 0
    );
  }

  function text(value: unknown, depth: number): string {
    switch (typeof value) {
      case "string":
        return stringify(value);
      case "number":
        if (value === (value | 0) && value !== 0) return `${value}`;
        return Number.isFinite(value) ? numberText(value) : fail(notJson());
      case "boolean":
        return value ? "true" : "false";
      case "bigint":
        return `"${value}"`;
      case "symbol":
        return fail("Cannot serialize Symbol as primitive");
      default:
        if (value === null || value === undefined) return "null";
        if (depth === DEPTH) return fail("Index was outside the bounds of the array.");
        return Array.isArray(value) ? list(value, depth) : object(value, depth);
    }
  }

  function list(value: readonly unknown[], depth: number): string {
    let result = "";
    for (let i = 0; i < value.length; i++) result += (i === 0 ? "" : ",") + text(value[i], depth + 1);
    return `[${result}]`;
  }

  function object(value: object, depth: number): string {
    let result = "{";
    const all = names(value);
    for (let i = 0; i < all.length; i++) {
      const name = all[i] as string | symbol;
      if (typeof name === "symbol") return fail("Expected string but got Symbol");
      if (getterOf.call(value, name) !== undefined) return noValue();
      const member = (value as Record<string, unknown>)[name];
      if (member === undefined) {
        if (setterOf.call(value, name) !== undefined) return noValue();
        continue;
      }
      result += `${result.length > 1 ? "," : ""}${quotedName(name)}${text(member, depth + 1)}`;
    }
    return result + "}";
  }

  /** A name between quotes and its colon. The same names come again and again. */
  function quotedName(name: string): string {
    let quoted = quotedNames.get(name);
    if (quoted === undefined) {
      quoted = `${stringify(name)}:`;
      if (quotedNames.size < 1000) quotedNames.set(name, quoted);
    }
    return quoted;
  }

  function entries(value: object): readonly (readonly [string, unknown])[] {
    return names(value).map((name) => {
      if (typeof name === "symbol") return fail("Expected string but got Symbol");
      return [name, getterOf.call(value, name) === undefined ? (value as Record<string, unknown>)[name] : undefined];
    });
  }

  /** Own names in order; a symbol among them faults only when its turn comes. */
  function names(value: object): readonly (string | symbol)[] {
    complete(value);
    const all = ownKeys(value);
    if (getPrototypeOf(value) === prototype) return all;
    if (typeof value === "function" && isMethod(value)) noValue();
    // The characters of a boxed text and the numbers of a typed array are no properties there.
    const isIndexed = tagOf.call(value) === "[object String]" || ArrayBuffer.isView(value);
    return isIndexed ? all.filter((name) => typeof name === "symbol" || !INDEX.test(name)) : all;
  }

  /** What the server says of an accessor, whose value it does not ask for. */
  function noValue(): never {
    return fail("Object reference not set to an instance of an object.");
  }

  /** A method has no prototype, as an arrow function has none, but its text begins with its name and parentheses. */
  function isMethod(value: object): boolean {
    return (
      !hasOwn(value, "prototype") &&
      !/^(?:async\b\s*)?(?:\(|[\w$]+\s*=>)|\[native code\]\s*\}$/.test(sourceOf.call(value))
    );
  }

  function notJson(): string {
    return (
      ".NET number values such as positive and negative infinity cannot be written as valid JSON. " +
      "To make it work when using 'JsonSerializer', consider specifying 'JsonNumberHandling.AllowNamedFloatingPointLiterals' " +
      "(see https://learn.microsoft.com/dotnet/api/system.text.json.serialization.jsonnumberhandling)."
    );
  }
}
