/** What JSON was read from, as a reviver is told. */
interface Source {
  readonly source?: string;
}

/** What the server makes of an object's member where it wants a text; undefined where that is no text, number or boolean. */
export function memberText(json: string, name: string, value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return digitsOf(json, name, value);
  // The server's word for a boolean begins with a capital.
  return typeof value === "boolean" ? (value ? "True" : "False") : undefined;
}

/**
 * The digits of a whole number among an object's members, all of them: where there are more than a number of JavaScript holds,
 * the server still tells one from another. `value` is what `JSON.parse` makes of the member.
 */
function digitsOf(json: string, name: string, value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const sources = new Map<unknown, string>();
  const root: unknown = JSON.parse(json, function (this: unknown, key, member: unknown, { source }: Source = {}) {
    if (key === name && source !== undefined) sources.set(this, source);
    return member;
  });
  const source = sources.get(root) ?? "";
  return /^-?\d+$/.test(source) ? source : String(value);
}
