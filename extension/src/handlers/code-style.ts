/** How a file is written, so that what is added looks like the rest of it. */
export interface CodeStyle {
  /** One step. */
  readonly indent: string;
  readonly quote: '"' | "'";
  readonly hasSemicolons: boolean;
  readonly hasTrailingCommas: boolean;
  readonly lineEnd: "\n" | "\r\n";
  /** Characters in a line. */
  readonly width: number;
}

export const DEFAULT_STYLE: CodeStyle = {
  indent: "  ",
  quote: '"',
  hasSemicolons: true,
  hasTrailingCommas: true,
  lineEnd: "\n",
  width: 80,
};

/** A text in quotes. */
export function quoted(text: string, { quote }: Pick<CodeStyle, "quote">): string {
  const json = JSON.stringify(text);
  return quote === '"'
    ? json
    : `'${json
        .slice(1, -1)
        .replaceAll(String.raw`\"`, '"')
        .replaceAll("'", String.raw`\'`)}'`;
}

/** The name of a member, in quotes where it is no identifier. */
export const memberName = (name: string, style: Pick<CodeStyle, "quote">): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name, style);
