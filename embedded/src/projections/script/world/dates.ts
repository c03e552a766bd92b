import { makeDateReader } from "./date-texts.ts";

/**
 * Has dates read and written as the server's engine does: in UTC, in the invariant culture's long forms, with the texts that
 * .NET understands (recorded in `test/projections/script/values.test.ts`). Runs inside the sandbox; see `source.ts`.
 */
export function reviseDates(): void {
  const { defineProperty } = Object;
  const { construct } = Reflect;
  const Plain = Date;
  const { prototype, UTC, now, parse: parsePlain } = Plain;
  const toPlainText = prototype.toString;
  const toPlainTime = prototype.toTimeString;
  const toPlainIso = prototype.toISOString;
  const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  const months = "January February March April May June July August September October November December".split(" ");
  const read = makeDateReader(parsePlain);
  const zone = " (Coordinated Universal Time)";

  const pad = (value: number, digits: number) => String(value).padStart(digits, "0");
  const longDate = (date: Date) =>
    `${days[date.getUTCDay()]}, ${pad(date.getUTCDate(), 2)} ${months[date.getUTCMonth()]} ${pad(date.getUTCFullYear(), 4)}`;
  const longTime = (date: Date) =>
    `${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}:${pad(date.getUTCSeconds(), 2)}`;
  const whenValid = (date: Date, text: (date: Date) => string) =>
    Number.isNaN(date.getTime()) ? "Invalid Date" : text(date);

  const methods = {
    toString(this: Date) {
      return whenValid(this, () => toPlainText.call(this) + zone);
    },
    toTimeString(this: Date) {
      return whenValid(this, () => toPlainTime.call(this) + zone);
    },
    toLocaleString(this: Date) {
      return whenValid(this, (date) => `${longDate(date)} ${longTime(date)}`);
    },
    toLocaleDateString(this: Date) {
      return whenValid(this, longDate);
    },
    toLocaleTimeString(this: Date) {
      return whenValid(this, longTime);
    },
    toISOString(this: Date) {
      return toPlainIso.call(this).replace(/^-00(?=\d{4}-)/, "-");
    },
  };
  for (const [name, value] of Object.entries(methods)) set(prototype, name, value);

  // A function expression, so that `new` may be said to it.
  const Revised = function (this: unknown, ...given: readonly unknown[]): unknown {
    if (new.target === undefined) return new Plain().toString();
    const [only] = given;
    const isRead = given.length === 1 && typeof only === "string";
    return construct(Plain, isRead ? [read(only)] : given, new.target) as Date;
  };
  defineProperty(Revised, "name", { value: "Date", configurable: true });
  defineProperty(Revised, "length", { value: 7, configurable: true });
  defineProperty(Revised, "prototype", { value: prototype, writable: false });
  for (const [name, value] of Object.entries({ UTC, now, parse: (text: unknown) => read(String(text)) }))
    set(Revised, name, value);
  set(prototype, "constructor", Revised);
  set(globalThis, "Date", Revised);

  function set(target: object, name: string, value: unknown): void {
    defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  }
}
