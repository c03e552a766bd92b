import { type CodeStyle, DEFAULT_STYLE } from "../code-style.ts";

/** What a workspace says of its style where a file does not show it. */
export type StyleHints = Partial<Pick<CodeStyle, "indent" | "width">>;

/** How a file is written; where it does not show, as it is told, or as most are. */
export function readStyle(text: string, hints: StyleHints = {}): CodeStyle {
  const fallback = { ...DEFAULT_STYLE, ...hints };
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(?:\*|\/\/|\/\*)/.test(line));
  return {
    indent: indentOf(lines) ?? fallback.indent,
    quote: quoteOf(text) ?? fallback.quote,
    hasSemicolons: semicolonsOf(lines) ?? fallback.hasSemicolons,
    hasTrailingCommas: trailingCommasOf(text) ?? fallback.hasTrailingCommas,
    lineEnd: text.includes("\r\n") ? "\r\n" : "\n",
    width: hints.width ?? widthOf(lines),
  };
}

function indentOf(lines: readonly string[]): string | undefined {
  const indents = lines.map((line) => /^(?:\t+| +)(?=\S)/.exec(line)?.[0]).filter((indent) => indent !== undefined);
  if (indents.length === 0) return undefined;
  const tabs = indents.filter((indent) => indent.startsWith("\t")).length;
  if (tabs * 2 > indents.length) return "\t";
  const widths = indents.filter((indent) => !indent.startsWith("\t") && indent.length > 1).map(({ length }) => length);
  return widths.length === 0 ? undefined : " ".repeat(Math.min(...widths));
}

function quoteOf(text: string): '"' | "'" | undefined {
  const double = text.match(/(?<=[\s(,:[])"(?:[^"\\\n]|\\.)*"/g)?.length ?? 0;
  const single = text.match(/(?<=[\s(,:[])'(?:[^'\\\n]|\\.)*'/g)?.length ?? 0;
  return double + single === 0 ? undefined : single > double ? "'" : '"';
}

/** Told by lines that end a statement for sure: imports, and calls and values that are complete. */
function semicolonsOf(lines: readonly string[]): boolean | undefined {
  const ends = lines.filter(
    (line) => /^(?:import\b|export \* |\}\)|(?:export )?const \w+ = .*[)\]"'])/.test(line) && /[;)\]"']$/.test(line),
  );
  const withIt = ends.filter((line) => line.endsWith(";")).length;
  return ends.length === 0 ? undefined : withIt * 2 >= ends.length;
}

function trailingCommasOf(text: string): boolean | undefined {
  const withIt = text.match(/,\r?\n\s*[}\])]/g)?.length ?? 0;
  const without = text.match(/[\w"'\])}]\r?\n\s*[\])]/g)?.length ?? 0;
  return withIt + without === 0 ? undefined : withIt >= without;
}

function widthOf(lines: readonly string[]): number {
  const longest = Math.max(0, ...lines.map(({ length }) => length));
  return longest > 100 ? 120 : longest > 80 ? 100 : DEFAULT_STYLE.width;
}
