/**
 * Has numbers written as the server's engine writes them: by .NET's formats where these round and group digits, and by
 * multiplication where the radix is not ten. Runs inside the sandbox; see `source.ts`.
 */
export function reviseNumbers(): void {
  const { defineProperty } = Object;
  const { toFixed: toFixedPlain, toString: toPlainText } = Number.prototype;
  /** As many digits of a fraction as the server writes in another radix. */
  const MOST_DIGITS = 50;
  /** The server takes it for infinite where it is asked for a text. */
  const GREATEST = Number.MAX_VALUE;

  const methods = {
    toString(this: number, radix?: unknown) {
      const base = radix === undefined ? 10 : Math.trunc(Number(radix));
      const text = toPlainText.call(this, base);
      const value = Number(this);
      if (Math.abs(value) >= GREATEST) return infinite(value);
      return base === 10 || Number.isNaN(value) ? text : inRadix(value, base);
    },
    toFixed(this: number, digits: unknown) {
      return fixed(this, Math.trunc(Number(digits)) || 0);
    },
    toLocaleString(this: number) {
      const value = Number(this);
      if (Math.abs(value) >= GREATEST) return infinite(value);
      if (value === 0 || Number.isNaN(value)) return String(value);
      const [whole = "", fraction = "00"] =
        Math.abs(value) < 1e21 ? fixed(value, 2).split(".") : [String(BigInt(value))];
      return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${fraction}`;
    },
  };
  for (const [name, value] of Object.entries(methods)) {
    defineProperty(Number.prototype, name, { value, writable: true, enumerable: false, configurable: true });
  }
  // The argument of the first is optional, which counts here all the same.
  defineProperty(Number.prototype.toString, "length", { value: 1, configurable: true });

  function infinite(value: number): string {
    return value < 0 ? "-Infinity" : "Infinity";
  }

  /** Digit by digit, each cut off what the last left over. */
  function inRadix(value: number, radix: number): string {
    const size = Math.abs(value);
    const whole = Math.trunc(size);
    let digits = "";
    let rest = size - whole;
    while (rest > 0 && digits.length < MOST_DIGITS) {
      const scaled = rest * radix;
      const digit = Math.trunc(scaled);
      digits += toPlainText.call(digit, radix);
      rest = scaled - digit;
    }
    return `${value < 0 ? "-" : ""}${BigInt(whole).toString(radix)}${digits === "" ? "" : `.${digits}`}`;
  }

  /** What lies right between two texts goes to the even one, as in .NET; to whole numbers away from zero. */
  function fixed(value: number, digits: number): string {
    const text = toFixedPlain.call(value, digits);
    const last = text.length - 1;
    if (digits < 1 || digits > 50 || Number(text[last]) % 2 === 0) return text;
    const exact = toFixedPlain.call(value, 100);
    const isBetween = /^50*$/.test(exact.slice(exact.indexOf(".") + 1 + digits));
    return isBetween ? exact.slice(0, exact.indexOf(".") + 1 + digits) : text;
  }
}
