/** An expression that .NET may know and this server does not; it is refused as an invalid one is. */
class UnsupportedRegexError extends Error {
  override readonly name = "UnsupportedRegexError";
  readonly source: string;

  constructor(source: string, what: string) {
    super(`The regular expression ${JSON.stringify(source)} uses ${what}, which is not supported. Write it without.`);
    this.source = source;
  }
}

/** .NET's classes are those of Unicode; JavaScript's are ASCII (corrections 1.9: `\w` matches é). */
const CLASSES: Readonly<Record<string, string>> = {
  w: String.raw`\p{L}\p{Mn}\p{Nd}\p{Pc}`,
  d: String.raw`\p{Nd}`,
  s: String.raw`\s\x85`,
};

/** Escapes that mean the same in both, outside and inside of a class. */
const SAME_ESCAPES = new Set([..."nrtfv0"]);
/** Those that a Unicode expression in JavaScript lets be escaped. */
const SYNTAX = new Set([..."^$\\.*+?()[]{}|/"]);

const WORD = `[${CLASSES["w"]}]`;
const BOUNDARY = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;
const NO_BOUNDARY = `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`;

/**
 * A JavaScript expression that finds what the .NET one finds, for what filters are made of: literals, classes,
 * groups, look-around, quantifiers, anchors and leading options such as `(?i)`. Throws for what is neither.
 */
export function dotnetRegex(source: string): RegExp {
  const translation = new Translation(source);
  const pattern = translation.run();
  return new RegExp(pattern, `u${translation.ignoreCase ? "i" : ""}${translation.multiline ? "m" : ""}`);
}

class Translation {
  readonly #source: string;
  #at = 0;
  ignoreCase = false;
  multiline = false;
  #singleLine = false;
  #spaced = false;

  constructor(source: string) {
    this.#source = source;
  }

  run(): string {
    this.#options();
    let out = "";
    while (this.#at < this.#source.length) out += this.#one();
    return out;
  }

  #options(): void {
    const options = /^\(\?([imnsx]*)(?:-[imnsx]*)?\)/.exec(this.#source);
    if (options === null) return;
    const on = options[1] ?? "";
    this.ignoreCase = on.includes("i");
    this.multiline = on.includes("m");
    this.#singleLine = on.includes("s");
    this.#spaced = on.includes("x");
    this.#at = options[0].length;
  }

  /** Translates what stands at the current place, and moves behind it. */
  #one(): string {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    const rest = this.#source.slice(this.#at);
    if (char === "\\") return this.#escape();
    if (char === "[") return this.#class();
    if (char === "(") return this.#group(rest);
    this.#at += char.length;
    if (char === ".") return this.#singleLine ? String.raw`[\s\S]` : String.raw`[^\n]`;
    // Without the option m, `$` is the end or in front of a last line feed.
    if (char === "$") return this.multiline ? String.raw`(?=\n|(?![\s\S]))` : String.raw`(?=\n?(?![\s\S]))`;
    if (char === "^") return this.multiline ? String.raw`(?<=\n|(?<![\s\S]))` : "^";
    if (char === "{") return /^\{\d+(,\d*)?\}/.test(rest) ? this.#quantifier(rest) : String.raw`\{`;
    if (char === "}" || char === "]") return `\\${char}`;
    if (this.#spaced && /\s/.test(char)) return "";
    if (this.#spaced && char === "#") return this.#comment();
    return char;
  }

  #quantifier(rest: string): string {
    const end = rest.indexOf("}") + 1;
    this.#at += end - 1;
    return rest.slice(0, end);
  }

  #comment(): string {
    const end = this.#source.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#source.length : end + 1;
    return "";
  }

  #group(rest: string): string {
    const remark = /^\(\?#[^)]*\)/.exec(rest);
    if (remark !== null) {
      this.#at += remark[0].length;
      return "";
    }
    const named = /^\(\?(?:<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(rest);
    if (named !== null) {
      this.#at += named[0].length;
      return `(?<${named[1] ?? named[2] ?? ""}>`;
    }
    const opening = /^\((?:\?(?:[:=!]|<[=!]))?/.exec(rest)?.[0] ?? "(";
    if (opening === "(" && rest.startsWith("(?")) throw new UnsupportedRegexError(this.#source, rest.slice(0, 4));
    this.#at += opening.length;
    return opening;
  }

  #escape(): string {
    const next = this.#source[this.#at + 1];
    if (next === undefined) throw new UnsupportedRegexError(this.#source, "a backslash at its end");
    const anchors: Readonly<Record<string, string>> = {
      A: String.raw`(?<![\s\S])`,
      z: String.raw`(?![\s\S])`,
      Z: String.raw`(?=\n?(?![\s\S]))`,
      b: BOUNDARY,
      B: NO_BOUNDARY,
    };
    const anchor = anchors[next];
    if (anchor !== undefined) {
      this.#at += 2;
      return anchor;
    }
    const reference = /^\\(?:k<\w+>|[1-9]\d*)/.exec(this.#source.slice(this.#at));
    if (reference !== null) {
      this.#at += reference[0].length;
      return reference[0];
    }
    return this.#character(false);
  }

  /** An escape that stands for a character or a class of them. */
  #character(inClass: boolean): string {
    const rest = this.#source.slice(this.#at);
    const coded = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[pP]\{\w+\}|c[A-Za-z])/.exec(rest);
    if (coded !== null) {
      this.#at += coded[0].length;
      return coded[0];
    }
    const char = String.fromCodePoint(rest.codePointAt(1) ?? 0);
    this.#at += 1 + char.length;
    const known = CLASSES[char.toLowerCase()];
    if (known !== undefined) {
      if (char === char.toLowerCase()) return inClass ? known : `[${known}]`;
      if (inClass) throw new UnsupportedRegexError(this.#source, `\\${char} in brackets`);
      return `[^${known}]`;
    }
    if (SAME_ESCAPES.has(char)) return `\\${char}`;
    if (char === "a") return String.raw`\x07`;
    if (char === "e") return String.raw`\x1b`;
    if (char === "b" && inClass) return String.raw`\x08`;
    if (/[\p{L}\p{N}_]/u.test(char)) throw new UnsupportedRegexError(this.#source, `\\${char}`);
    return SYNTAX.has(char) || (inClass && char === "-") ? `\\${char}` : char;
  }

  #class(): string {
    const opening = /^\[\^?\]?/.exec(this.#source.slice(this.#at))?.[0] ?? "[";
    this.#at += opening.length;
    // A bracket right behind the opening one is a character of the class.
    let out = opening.endsWith("]") ? String.raw`${opening.slice(0, -1)}\]` : opening;
    for (;;) {
      const char = this.#source[this.#at];
      if (char === undefined) throw new UnsupportedRegexError(this.#source, "a bracket that is not closed");
      if (char === "]") break;
      if (this.#source.startsWith("-[", this.#at))
        throw new UnsupportedRegexError(this.#source, "a class less another");
      if (char === "\\") out += this.#character(true);
      else {
        this.#at++;
        out += char === "[" ? String.raw`\[` : char;
      }
    }
    this.#at++;
    return `${out}]`;
  }
}
