const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/**
 * How long to wait before a server that was not there is looked for again, in milliseconds: doubling, up to a time in which
 * a person who has just started it does not lose patience.
 *
 * @param failures attempts that failed in a row, 1 or more.
 */
export function retryDelay(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
}
