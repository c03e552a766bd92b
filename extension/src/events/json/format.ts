import { inStretches } from "../in-stretches.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** One line of a formatted JSON text. */
export interface JsonLine {
  /** How deep it lies, 0 for the outermost. */
  readonly depth: number;
  readonly tokens: readonly Token[];
}

/** Lays JSON out with a member to a line, each token as it was written: no number loses a digit, no key its place. */
export function* jsonLines(text: string): Generator<JsonLine> {
  let depth = 0;
  let line: Token[] = [];
  let previous: Token | undefined;
  for (const token of tokensOf(text)) {
    const isOpened = previous !== undefined && isOpening(previous);
    if (isClosing(token)) {
      const isEmpty = isOpened;
      if (!isEmpty) {
        yield { depth, tokens: line };
        line = [];
      }
      depth = Math.max(0, depth - 1);
      if (isEmpty) {
        line.push(token);
        previous = token;
        continue;
      }
    } else if (isOpened) {
      yield { depth: depth - 1, tokens: line };
      line = [];
    }
    line.push(token);
    if (isOpening(token)) {
      depth++;
    }
    if (token.kind === "punctuation" && token.text === ",") {
      yield { depth, tokens: line };
      line = [];
    }
    previous = token;
  }
  if (line.length > 0) {
    yield { depth: previous !== undefined && isOpening(previous) ? depth - 1 : depth, tokens: line };
  }
}

/** The text that the lines are, indented by two spaces. */
export function formatJson(text: string): Promise<string> {
  return inStretches(joined(jsonLines(text), formattedLine, "\n"));
}

/** The lines as they are written, with that between them. */
export function* joined(
  lines: Iterable<JsonLine>,
  written: (line: JsonLine) => string,
  between: string,
): Generator<void, string> {
  let text = "";
  let isFirst = true;
  for (const line of lines) {
    text += isFirst ? written(line) : between + written(line);
    isFirst = false;
    yield;
  }
  return text;
}

function formattedLine({ depth, tokens }: JsonLine): string {
  return "  ".repeat(depth) + tokens.map(spaced).join("");
}

/** A token with the space that belongs behind it. */
export function spaced(token: Token): string {
  return token.kind === "punctuation" && token.text === ":" ? ": " : token.text;
}

function isOpening(token: Token): boolean {
  return token.kind === "punctuation" && (token.text === "{" || token.text === "[");
}

function isClosing(token: Token): boolean {
  return token.kind === "punctuation" && (token.text === "}" || token.text === "]");
}
