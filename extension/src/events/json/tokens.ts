/** A piece of a JSON text, character for character as it was written. */
export interface Token {
  readonly kind: "punctuation" | "key" | "string" | "number" | "literal" | "other";
  readonly text: string;
}

const SPACE = /[ \t\r\n]*/y;
const WORD = /[^\s"{}[\],:]+/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const LITERALS = new Set(["true", "false", "null"]);

/**
 * Cuts a text into JSON's tokens without reading its values, so that every digit, duplicate key and escape stays as it is.
 * Space between tokens is left out. What is no JSON, as where a text was cut off, comes out as "other".
 */
export function* tokensOf(text: string): Generator<Token> {
  let at = after(SPACE, text, 0);
  while (at < text.length) {
    const start = at;
    const character = text.charAt(at);
    if (character === '"') {
      at = afterString(text, at);
      const next = after(SPACE, text, at);
      const isWhole = at - start > 1 && text.charAt(at - 1) === '"';
      yield {
        kind: !isWhole ? "other" : text.charAt(next) === ":" ? "key" : "string",
        text: text.slice(start, at),
      };
      at = next;
      continue;
    }
    if ("{}[],:".includes(character)) {
      at++;
      yield { kind: "punctuation", text: character };
    } else {
      at = after(WORD, text, at);
      const word = text.slice(start, at);
      yield { kind: NUMBER.test(word) ? "number" : LITERALS.has(word) ? "literal" : "other", text: word };
    }
    at = after(SPACE, text, at);
  }
}

function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  // A character that neither pattern knows, such as a no-break space, is a word of its own.
  return pattern.test(text) ? pattern.lastIndex : at + 1;
}

/** Strings may be megabytes long: searched, not matched, since a pattern would keep a place to go back to for each character. */
function afterString(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      return text.length;
    }
    let slashes = 0;
    while (text.charAt(quote - 1 - slashes) === "\\") {
      slashes++;
    }
    if (slashes % 2 === 0) {
      return quote + 1;
    }
    at = quote + 1;
  }
}
