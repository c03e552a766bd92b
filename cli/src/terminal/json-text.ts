/** A value as JSON: whole numbers beyond those that JSON's readers keep as text, dates as ISO 8601, maps as objects. */
export const jsonText = (value: unknown): string => JSON.stringify(value, replaced);

function replaced(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  return value;
}
