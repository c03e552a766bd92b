/** The log of all streams; no stream has this name. */
export const ALL = "$all";

/** Names that begin so belong to the server. */
export const isSystemStream = (name: string): boolean => name.startsWith("$");

/** The stream that holds what is set for another one: limits, rights, where it is truncated. */
export const metastreamOf = (name: string): string => `$$${name}`;

/** The stream in which the server's own projection gathers links to all events of a category. */
export const categoryStreamOf = (category: string): string => `$ce-${category}`;

/**
 * The category of a stream as the server's own projections have it by default: what stands before the first dash.
 * Undefined where there is none, and for the server's own streams.
 */
export function categoryOf(name: string): string | undefined {
  const dash = name.indexOf("-");
  return dash < 1 || isSystemStream(name) ? undefined : name.slice(0, dash);
}
