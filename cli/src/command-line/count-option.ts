import { UsageError } from "./usage-error.ts";

/** A whole number that was given by an option, 1 or more; undefined where none was. @throws UsageError */
export function countGiven(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--${option} takes a whole number, 1 or more, not "${text}".`);
}
