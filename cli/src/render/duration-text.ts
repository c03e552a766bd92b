const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** A time of so many milliseconds as a person says it, in its largest unit. Pure. */
export function durationText(milliseconds: number): string {
  const [unit, length] = UNITS.find(([, length]) => milliseconds >= length) ?? ["second", 1_000];
  const count = Math.round(milliseconds / length);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
