/**
 * A number as the server writes it, in states, partition names and link metadata: the shortest digits that read back the same,
 * with an exponent from 1E+17 and below 1E-04 on (corrections 3.1: 12345678901234567000 is `1.2345678901234567E+19`).
 *
 * Runs inside the sandbox; see `source.ts`.
 */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e17) return Object.is(value, -0) ? "-0" : `${value}`;
  if (!Number.isFinite(value)) return `${value}`;
  const [mantissa = "", exponent = ""] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const scale = Number(exponent) + 1;
  const sign = value < 0 ? "-" : "";
  if (scale > 17 || scale < -3) {
    const power = `${Math.abs(scale - 1)}`.padStart(2, "0");
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${fraction}E${scale > 0 ? "+" : "-"}${power}`;
  }
  if (scale <= 0) return `${sign}0.${"0".repeat(-scale)}${digits}`;
  return `${sign}${digits.slice(0, scale)}.${digits.slice(scale)}`;
}
