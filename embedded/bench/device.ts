import { readFileSync, statSync } from "node:fs";

const SECTOR_BYTES = 512;

/**
 * Bytes written so far to the device that a directory lies on, by whomever, as Linux counts them (`/proc/diskstats`).
 * @throws Error where the system does not count them.
 */
export function writtenTo(directory: string): number {
  const { dev } = statSync(directory);
  // As Linux puts them together: 12 bits of the major number between 8 and 12 of the minor one.
  const major = (dev >>> 8) & 0xfff;
  const minor = (dev & 0xff) | ((dev >>> 12) & 0xfff00);
  const lines = readFileSync("/proc/diskstats", "utf8").trim().split("\n");
  const counts = lines
    .map((line) => line.trim().split(/\s+/))
    .find((line) => line[0] === `${major}` && line[1] === `${minor}`);
  const sectors = Number(counts?.[9]);
  if (Number.isNaN(sectors)) throw new Error(`Nothing counts what is written to the device of ${directory}.`);
  return sectors * SECTOR_BYTES;
}
