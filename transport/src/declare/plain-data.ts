/** What was found to be plain and is frozen to its last part, so that it need not be looked at again. */
const frozen = new WeakSet<object>();

/** Whether a value is plain data: objects and arrays, to any depth, of texts, numbers, booleans, bigints, null and undefined. */
export const isPlainData = (value: unknown): boolean => isPlain(value, new Set(), false);

/**
 * Freezes plain data to its last part. What was frozen here before is passed over, so after a change only what is new costs time.
 * @returns false where it holds something else, a Map or an object of a class, which cannot be kept from being changed.
 */
export const freezePlainData = (value: unknown): boolean => isPlain(value, new Set(), true);

function isPlain(value: unknown, within: Set<object>, freeze: boolean): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null || frozen.has(value)) return true;
  if (within.has(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false;
  within.add(value);
  for (const part of Object.values(value)) if (!isPlain(part, within, freeze)) return false;
  within.delete(value);
  if (freeze) frozen.add(Object.freeze(value));
  return true;
}
