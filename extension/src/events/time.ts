const AGES: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a time as ISO 8601 writes it, in the reader's time zone unless it says another, a day as its midnight there, a
 * time of today such as `9:30`, or how long ago: `-90s`, `-15m`, `-2h`, `-1d`. Undefined for anything else.
 * @param now and what is answered: in milliseconds since 1970.
 */
export function parseTime(text: string, now: number): number | undefined {
  const [, amount, unit] = /^-(\d{1,6})\s*([smhd])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) {
    return now - Number(amount) * (AGES[unit] ?? 0);
  }
  const [, hours, minutes, seconds] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text) ?? [];
  if (hours !== undefined && minutes !== undefined) {
    return new Date(now).setHours(Number(hours), Number(minutes), Number(seconds ?? 0), 0);
  }
  // A date alone would be read as midnight in Greenwich, with a time as here.
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00`) : isoTime(text);
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

function isoTime(text: string): number | undefined {
  return /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) ? Date.parse(text.replace(" ", "T")) : undefined;
}

/** To the second, in the reader's time zone and in an order that sorts. */
export function localTime(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
