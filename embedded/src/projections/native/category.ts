import { ProjectionFault } from "../handler.ts";

/** The category of a stream; undefined for one that has none. */
export type CategoryOf = (stream: string) => string | undefined;

/**
 * Reads how `$by_category` and `$stream_by_category` find a category: the query is `first` or `last`, a line break and the
 * separator, or the separator alone, which means the last one (spec 3.12).
 */
export function categoryExtractor(query: string): CategoryOf {
  const { direction, separator } = parse(query.trim());
  return (stream) => {
    if (stream.startsWith("$")) return undefined;
    const end = direction === "first" ? stream.indexOf(separator) : stream.lastIndexOf(separator);
    return end > 0 ? stream.slice(0, end) : undefined;
  };
}

function parse(query: string): { readonly direction: string; readonly separator: string } {
  if (query === "") throw refusal(" One symbol separator or configuration must be supplied in the source.");
  if (query.length === 1) return { direction: "last", separator: query };
  const [first = "", separator = "", ...more] = query.split("\n");
  const direction = first.trim().toLowerCase();
  if (more.length > 0 || separator === "") throw refusal(" Invalid configuration  (wrong number of parts)");
  if (direction !== "first" && direction !== "last") {
    throw refusal(" Invalid direction specifier.  'first' or 'last' expected.");
  }
  if (separator.length !== 1) throw refusal(" Single separator expected.");
  return { direction, separator };
}

function refusal(why: string): ProjectionFault {
  return new ProjectionFault(`Cannot initialize categorization projection handler. ${why}`);
}
