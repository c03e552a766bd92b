import type { CodeStyle } from "../code-style.ts";

/** What ends a statement. */
export const end = ({ hasSemicolons }: CodeStyle): string => (hasSemicolons ? ";" : "");

/** A list in brackets: in one line where that fits with what stands before and behind it, else each item in a line of its own. */
export function list(before: string, items: readonly string[], after: string, style: CodeStyle, indent = ""): string {
  const line = `${before}${items.join(", ")}${after}`;
  const first = line.slice(0, line.includes("\n") ? line.indexOf("\n") : undefined);
  if (indent.length + first.length <= style.width) return line;
  return listLines(before, items, after, style, indent);
}

/** The same, each in a line of its own. */
export function listLines(
  before: string,
  items: readonly string[],
  after: string,
  style: CodeStyle,
  indent = "",
): string {
  const inner = indent + style.indent;
  const lines = items.map((item) => inner + item.replaceAll(/\n(?=[^\n])/g, `\n${style.indent}`)).join(",\n");
  return `${before}\n${lines}${style.hasTrailingCommas ? "," : ""}\n${indent}${after}`;
}

/** A comment that documents what follows, in as many lines as it takes. */
export function docComment(text: string, { width }: CodeStyle, tags: readonly string[] = []): string {
  const line = `/** ${text} */`;
  if (tags.length === 0 && line.length <= width) return line;
  return `/**\n${[...wrapped(text, width - 3), ...tags].map((one) => ` * ${one}`.trimEnd()).join("\n")}\n */`;
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((word) => word !== "")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}
