const MILLISECONDS = 60_000;
/** The last moment whose year has four digits. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The minute that a moment is in, as minutes since 1970. */
export const minuteOf = (at: number): number => Math.floor(at / MILLISECONDS);

/** The moment that a minute begins with, in milliseconds since 1970. */
export const beginOf = (minute: number): number => minute * MILLISECONDS;

/** A minute as streams are named after it, such as `202611290105`, in UTC: the order of the texts is that of time. */
export const minuteText = (minute: number): string =>
  new Date(beginOf(minute)).toISOString().slice(0, 16).replaceAll(/\D/g, "");

/** Reads what {@link minuteText} wrote; undefined for any other text. */
export function minuteFrom(text: string): number | undefined {
  const [, year, month, day, hour, minute] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00.000Z`);
  return Number.isNaN(at) ? undefined : minuteOf(at);
}

/** Whether a stream can be named after the minute of this moment. */
export const hasMinute = (at: Date): boolean => at.getTime() >= 0 && at.getTime() <= LAST;
