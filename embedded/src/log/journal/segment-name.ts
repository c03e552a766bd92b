import { basename } from "node:path";

const NAME = /^journal-(\d+)\.log$/;

/** Name of the file of a segment. The numbers say nothing of the order in which segments are written. */
export function segmentName(number: number): string {
  return `journal-${number}.log`;
}

export function isSegmentName(name: string): boolean {
  return NAME.test(name);
}

export function segmentNumber(path: string): number {
  return Number(NAME.exec(basename(path))?.[1]);
}
