/** What JSON was read from, as a reviver is told. */
interface Source {
  readonly source?: string;
}

/**
 * The digits of a whole number among an object's members, all of them: where there are more than a number of JavaScript holds,
 * the server still tells one from another. `value` is what `JSON.parse` makes of the member.
 */
export function memberDigits(json: string, name: string, value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const sources = new Map<unknown, string>();
  const root: unknown = JSON.parse(json, function (this: unknown, key, member: unknown, { source }: Source = {}) {
    if (key === name && source !== undefined) sources.set(this, source);
    return member;
  });
  const source = sources.get(root) ?? "";
  return /^-?\d+$/.test(source) ? source : String(value);
}
