/**
 * `JSON.parse` as the server's engine has it: its words for errors, commas before a closing bracket allowed, names that hold a
 * control character refused (golden `projection-language/event-broken-json`).
 *
 * The engine's own parser does the work; the one here runs only for text that it refuses or that may hold such a name.
 * Runs inside the sandbox; see `source.ts`.
 */
export function makeJsonReader(): (text: string) => unknown {
  const parseFast = JSON.parse;
  return (text) => {
    let value: unknown;
    try {
      value = parseFast(text);
    } catch {
      return parseAsServer(text);
    }
    return text.includes("\\") && hasControlName(value) ? parseAsServer(text) : value;
  };

  function hasControlName(value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    for (const name of Object.keys(value)) {
      if (isControlName(name) || hasControlName((value as Record<string, unknown>)[name])) return true;
    }
    return false;
  }

  function isControlName(name: string): boolean {
    for (let i = 0; i < name.length; i++) {
      const code = name.charCodeAt(i);
      if (code < 32 && code !== 9) return true;
    }
    return false;
  }

  function parseAsServer(text: string): unknown {
    let at = 0;
    let start = 0;
    /** The token in hand: what it is (a punctuator is itself), and its value. */
    let kind = "";
    let token: unknown;
    next();
    const result = value();
    if (!is("end")) unexpected();
    return result;

    function is(wanted: string): boolean {
      return kind === wanted;
    }

    function error(message: string, position: number): never {
      throw new SyntaxError(`${message} at position ${position}`);
    }

    function unexpected(): never {
      if (is("end")) error("Unexpected end of JSON input", start);
      if (is("number") || is("string")) error(`Unexpected ${kind} in JSON`, start);
      return error(`Unexpected token '${kind === "literal" ? String(token) : kind}' in JSON`, start);
    }

    function expect(punctuator: string): void {
      if (!is(punctuator)) unexpected();
      next();
    }

    function value(): unknown {
      if (is("string") || is("number") || is("literal")) {
        const scalar = token;
        next();
        return scalar;
      }
      if (is("[")) return list();
      return is("{") ? object() : unexpected();
    }

    function list(): unknown[] {
      const items: unknown[] = [];
      expect("[");
      while (!is("]")) {
        items.push(value());
        if (!is("]")) expect(",");
      }
      next();
      return items;
    }

    function object(): object {
      const members = {};
      expect("{");
      while (!is("}")) {
        if (!is("string")) unexpected();
        const name = token as string;
        if (isControlName(name)) error("Invalid character in JSON", start);
        next();
        expect(":");
        const member = { value: value(), writable: true, enumerable: true, configurable: true };
        Object.defineProperty(members, name, member);
        if (!is("}")) expect(",");
      }
      next();
      return members;
    }

    function next(): void {
      while (text[at] === " " || text[at] === "\t" || text[at] === "\n" || text[at] === "\r") at++;
      start = at;
      const char = text[at];
      if (char === undefined) {
        kind = "end";
      } else if (char === '"') {
        [kind, token] = ["string", string()];
      } else if (isDigit(char) || ((char === "-" || char === ".") && isDigit(text[at + 1]))) {
        [kind, token] = ["number", number()];
      } else if (char === "t" || char === "f" || char === "n") {
        [kind, token] = ["literal", literal()];
      } else if ("{}[]:,.();?~".includes(char)) {
        kind = char;
        at++;
      } else {
        error(`Unexpected token '${char}' in JSON`, at);
      }
    }

    function isDigit(char: string | undefined): boolean {
      return char !== undefined && char >= "0" && char <= "9";
    }

    function literal(): boolean | null {
      for (const [word, meaning] of [
        ["true", true],
        ["false", false],
        ["null", null],
      ] as const) {
        if (text.startsWith(word, at)) {
          at += word.length;
          return meaning;
        }
      }
      return error("Unexpected token ILLEGAL in JSON", at);
    }

    function number(): number {
      if (text[at] === "-") at++;
      if (text[at] !== ".") {
        const first = text[at++];
        if (first === "0" && isDigit(text[at])) error(`Unexpected token '${text[at]}' in JSON`, at);
        while (isDigit(text[at])) at++;
      }
      if (text[at] === ".") {
        at++;
        while (isDigit(text[at])) at++;
      }
      if (text[at] === "e" || text[at] === "E") {
        at++;
        if (text[at] === "+" || text[at] === "-") at++;
        if (!isDigit(text[at])) error(`Unexpected token '${text[at] ?? ""}' in JSON`, at);
        while (isDigit(text[at])) at++;
      }
      return Number(text.slice(start, at));
    }

    function string(): string {
      let result = "";
      at++;
      for (;;) {
        const char = text[at++];
        if (char === undefined) error("Unexpected end of JSON input", text.length);
        if (char === '"') return result;
        if (char < " ") error("Invalid character in JSON", at - 1);
        result += char === "\\" ? escaped() : char;
      }
    }

    function escaped(): string {
      const char = text[at++] ?? "";
      const plain = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }[char];
      if (plain !== undefined) return plain;
      if (char !== "u") error(`Unexpected token '${char}' in JSON`, at - 1);
      const code = text.slice(at, at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(code)) error("Expected hexadecimal digit in JSON", at);
      at += 4;
      return String.fromCharCode(parseInt(code, 16));
    }
  }
}
