/**
 * Makes what reads dates from texts, as .NET does where it is sure: any order of year, month and day that it knows, with the
 * time and the offset behind; nothing that is no date, such as the 30th of February. Answers milliseconds since 1970, or NaN.
 *
 * `parsePlain` is the engine's own parser. Runs inside the sandbox; see `source.ts`.
 */
export function makeDateReader(parsePlain: (text: string) => number): (text: string) => number {
  const { UTC, now } = Date;
  const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec";
  const YEAR_10000 = UTC(10_000, 0);
  const MOST_OFFSET = 14 * 60;

  const yearFirst =
    /^(\d{4})(?:([-/.])(\d\d?)(?:\2(\d\d?)(?=\D|$))?)?(?:(?<=-.*-.*|\/.*\/.*|\..*\..*)(?:t|\s+)(\d\d?):(\d\d?)(?::(\d\d?)(?:\.(\d*))?)?(?:(?<!t.*)\s*([ap]m))?)?(?:\s*z|(?<!t.*)\s*(?:gmt|utc))?(?:\s*(?<=:.*|-.*-.*)([+-])(\d\d?)(?::?(\d\d))?)?$/i;
  const timeAlone = /^(\d\d?(?:(?::\d\d?){1,2}(?:\.\d+)?(?:\s*[ap]m)?|\s*[ap]m)\s*(?:z|gmt|utc|[+-]\d\d?:?\d\d)?)$/i;
  const monthAndDay = /^(0?[1-9]|1[0-2])[-\s,./](\d\d?)$/;
  const name = `((?:${monthNames.replaceAll(" ", "|")})[a-z]*)`;
  const nameAndDay = new RegExp(`^${name}\\.?[-\\s,./]*(\\d\\d?)$`, "i");
  const yearAndName = new RegExp(
    `^(\\d\\d?|\\d{4}(?=.*\\d|[-/]))[-\\s,./]*${name}(?:(?<=^\\d{4}.*)[-\\s,./]*(\\d\\d?))?$`,
    "i",
  );
  const yearAndDay = new RegExp(`^(\\d{4})\\s+(\\d\\d?)\\s+${name}$`, "i");
  const word =
    /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|[ap]m|gmt|utc|[ecmp][ds]t)$/i;

  return (given) => {
    // What is said in parentheses is not meant, up to the end.
    const text = given.replace(/\([^]*$/, "").trim();
    if (/^[+-]\d{6}-/.test(text)) return parsePlain(text.toUpperCase());
    const parts = yearFirst.exec(text);
    return parts === null ? otherwiseRead(completed(text)) : ordered(parts);
  };

  function ordered(parts: readonly (string | undefined)[]): number {
    const [year, month, day, hour, minute, second] = [1, 3, 4, 5, 6, 7].map((i) => Number(parts[i] ?? (i < 5 ? 1 : 0)));
    const date = dateOf(year as number, month as number, day as number);
    const hours = hourOf(hour as number, parts[9]);
    const offset = offsetOf(parts);
    if (hours > 23 || (minute as number) > 59 || (second as number) > 59 || offset > MOST_OFFSET) return Number.NaN;
    // The server counts in ticks of 100 ns.
    const ticks = Math.round(Number(`0.${parts[8] ?? ""}`) * 1e7) || 0;
    const sign = parts[10] === "-" ? 1 : -1;
    const whole = date + ((hours * 60 + (minute as number) + sign * offset) * 60 + (second as number)) * 1000;
    return Math.floor((whole * 10_000 + ticks) / 10_000);
  }

  function offsetOf(parts: readonly (string | undefined)[]): number {
    return Number(parts[11] ?? 0) * 60 + Number(parts[12] ?? 0);
  }

  function hourOf(hour: number, half: string | undefined): number {
    if (half === undefined) return hour;
    if (hour > 12) return half.toLowerCase() === "pm" ? hour : Number.NaN;
    return (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  }

  /** NaN where there is no such day. */
  function dateOf(year: number, month: number, day: number): number {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    const isThere = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
    return isThere ? date.getTime() : Number.NaN;
  }

  /** With what is missing: a day is one of this year, a time one of today, a number before a month alone its short year. */
  function completed(text: string): string {
    const today = new Date(now());
    const year = today.getUTCFullYear();
    return text
      .replace(timeAlone, `${today.getUTCMonth() + 1}/${today.getUTCDate()}/${year} $1`)
      .replace(monthAndDay, `$1/$2/${year}`)
      .replace(nameAndDay, `$1 $2, ${year}`)
      .replace(yearAndName, (_, given: string, name: string, day = "1") => {
        const century = given.length > 2 ? 0 : Number(given) < 50 ? 2000 : 1900;
        return `${name} ${day}, ${century + Number(given)}`;
      })
      .replace(yearAndDay, "$3 $2, $1");
  }

  /** With the year last or the month's name, which the engine's own parser knows, but takes more than there is. */
  function otherwiseRead(text: string): number {
    if (/^-|^\d+$|^\d{4}(?!\s*[a-z]{3})|^[a-z]+\s+\d{4}\b.*:/i.test(text)) return Number.NaN;
    for (const found of text.match(/[a-z]{2,}/gi) ?? []) if (!word.test(found)) return Number.NaN;
    const read = parsePlain(dayFirst(text).replace(/(^|[^\d:])(\d\d?)\s*([ap]m)\b/i, "$1$2:00 $3"));
    return read >= YEAR_10000 || !isOnCalendar(text) ? Number.NaN : read;
  }

  /** Where the first number can be no month, it is the day. */
  function dayFirst(text: string): string {
    return text.replace(/^(1[3-9]|[23]\d)\/(\d\d?)\/(?=\d{4})/, "$2/$1/");
  }

  function isOnCalendar(text: string): boolean {
    const numbers = /^(\d\d?)\/(\d\d?)\/(\d{4})/.exec(dayFirst(text));
    if (numbers !== null) return !Number.isNaN(dateOf(Number(numbers[3]), Number(numbers[1]), Number(numbers[2])));
    const named = /(\d\d?)[\s-]+([a-z]{3})[a-z]*[\s,-]+(\d{4})|([a-z]{3})[a-z]*\s+(\d\d?),?\s+(\d{4})/i.exec(text);
    if (named === null) return true;
    const [, dayBefore, monthBehind, yearBehind, monthBefore, dayBehind, yearLast] = named;
    const month = monthNames.indexOf((monthBehind ?? monthBefore ?? "").toLowerCase()) / 4 + 1;
    return !Number.isNaN(dateOf(Number(yearBehind ?? yearLast), month, Number(dayBefore ?? dayBehind)));
  }
}
