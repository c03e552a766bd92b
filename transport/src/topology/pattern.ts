/**
 * What a component can subscribe to, as a text:
 * - `sales.OrderPlaced`: events of exactly this type;
 * - `sales.OrderPlaced*`: these, and all events whose types extend it (header `sluice.baseTypes`);
 * - `sales.*`: all events whose types begin with `sales.`.
 */
export type Pattern = string;

/** A pattern that only an event's type decides on, so that the server can pick its events out by that. */
export const isExact = (pattern: Pattern): boolean => !pattern.endsWith("*");

/** The pattern means all types of a namespace. */
export const isNamespace = (pattern: Pattern): boolean => pattern.endsWith(".*");

/** The pattern for a type and all that extend it. */
export const withDerived = (type: string): Pattern => `${type}*`;

/**
 * Whether an event of `type`, which extends `bases`, is one of those that a pattern means. Its text stands in generated filters,
 * so it uses nothing but its parameters, and a change of it is a change of every deployed filter.
 */
export function matches(pattern: Pattern, type: string, bases: readonly string[]): boolean {
  if (!pattern.endsWith("*")) return pattern === type;
  const stem = pattern.slice(0, -1);
  return stem.endsWith(".") ? type.startsWith(stem) : stem === type || bases.includes(stem);
}

/**
 * The same in a generated script, where the bases are a function, asked only if it comes to them. Kept by hand beside
 * {@link matches}: a compiled function's own text depends on the compiler.
 */
export const MATCHES = `const matches = (pattern, type, bases) => {
  if (!pattern.endsWith("*")) return pattern === type;
  const stem = pattern.slice(0, -1);
  return stem.endsWith(".") ? type.startsWith(stem) : stem === type || bases().includes(stem);
};`;
