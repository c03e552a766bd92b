/**
 * Has texts compared, cased and escaped as the server's engine does in the invariant culture
 * (recorded in `test/projections/script/values.test.ts`). Answers what makes an object of a text that is spread into one.
 * Runs inside the sandbox; see `source.ts`.
 */
export function reviseTexts(): (spread: unknown) => unknown {
  const { defineProperty } = Object;
  const { toUpperCase, toLowerCase, normalize } = String.prototype;
  const escapePlain = escape;
  const isPlain = /^[\0-\x7f]*$/;

  const isWithIota = /[\u1f80-\u1faf\u1fb3\u1fc3\u1ff3]/;
  /** A dotless i and a long s are no small letters of I and S. */
  const upper = (letter: string) => (letter === "\u0131" || letter === "\u017f" ? letter : toUpperCase.call(letter));
  const lower = (letter: string) => toLowerCase.call(letter);

  /** Letter by letter: what would become several letters stays as it is, unless one letter stands for all of them. */
  function cased(text: string, change: (letter: string) => string): string {
    if (isPlain.test(text)) return change(text);
    let changed = "";
    for (const letter of text) {
      const other = change(letter);
      changed += [...other].length === 1 ? other : singly(letter, change);
    }
    return changed;
  }

  /** Of all letters that become several, those with an iota below have a capital of their own, so many places behind. */
  function singly(letter: string, change: (letter: string) => string): string {
    if (change !== upper || !isWithIota.test(letter)) return letter;
    const code = letter.charCodeAt(0);
    return String.fromCharCode(code < 0x1fb0 ? code | 8 : code + 9);
  }

  const ofStrings = {
    toUpperCase(this: unknown) {
      return cased(textOf(this), upper);
    },
    toLocaleUpperCase(this: unknown) {
      return cased(textOf(this), upper);
    },
    toLowerCase(this: unknown) {
      return cased(textOf(this), lower);
    },
    toLocaleLowerCase(this: unknown) {
      return cased(textOf(this), lower);
    },
    localeCompare(this: unknown, that: unknown) {
      const left = normalize.call(textOf(this), "NFKD");
      const right = normalize.call(String(that), "NFKD");
      const shorter = Math.min(left.length, right.length);
      for (let i = 0; i < shorter; i++) {
        const difference = left.charCodeAt(i) - right.charCodeAt(i);
        if (difference !== 0) return difference;
      }
      return left.length - right.length;
    },
  };
  for (const [name, value] of Object.entries(ofStrings)) set(String.prototype, name, value);

  // Blanks are among what it leaves as it is.
  const escapes = { escape: (text: unknown) => escapePlain(String(text)).split("%20").join(" ") };
  set(globalThis, "escape", escapes.escape);
  const ObjectOf = Object;
  return (spread) => (typeof spread === "string" ? (ObjectOf(spread) as object) : spread);

  function textOf(value: unknown): string {
    if (value === undefined || value === null) throw new TypeError("Cannot convert undefined or null to object");
    return String(value);
  }

  function set(target: object, name: string, value: unknown): void {
    defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  }
}
