/**
 * How long to wait before the next attempt to connect: doubling from 100 ms to 3 s, and of that a random part between half and
 * all, so that the instances of a system do not all come back at the same moment. A new leader stands within 2.4 s (cluster.md).
 *
 * @param failures attempts that failed in a row, 1 or more.
 * @param random a number from 0 to 1.
 */
export function backoff(failures: number, random: number): number {
  const ceiling = Math.min(3_000, 100 * 2 ** (failures - 1));
  return Math.round((ceiling / 2) * (1 + random));
}
