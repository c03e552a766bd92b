/** The disk alone: writes the same bytes into a file whose room was taken before, each write with its flush. */
import { join } from "node:path";
import { createSegmentFile } from "../../src/log/journal/segment-file.ts";
import { quantile, type Sample } from "../figure.ts";

export interface DiskWork {
  readonly seconds: number;
  /** Writers that wait for their records to be on disk; those who wait together share a write. */
  readonly writers: number;
  /** Bytes of the records in one write of one writer. */
  readonly records: readonly number[];
  /** How many of those count as events. */
  readonly events: number;
}

const FILE_BYTES = 64 * 1024 * 1024;
const directory = process.argv[2];
if (directory === undefined) throw new Error("Say in which directory to write.");
const file = await createSegmentFile(join(directory, "ceiling"), FILE_BYTES);
let offset = 0;

async function work({ seconds, writers, records, events }: DiskWork): Promise<Sample> {
  const bytes = writers * records.reduce((sum, size) => sum + size, 0);
  const content = Buffer.alloc(bytes, "x");
  const begun = performance.now();
  const times: number[] = [];
  for (let from = begun; from < begun + seconds * 1000;) {
    if (offset + bytes > FILE_BYTES) offset = 0;
    await file.write(content, offset);
    offset += bytes;
    const to = performance.now();
    times.push(to - from);
    from = to;
  }
  const elapsed = (performance.now() - begun) / 1000;
  const sorted = times.sort((a, b) => a - b);
  return {
    perSecond: (sorted.length * writers * events) / elapsed,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
  };
}

process.on("message", (question) => {
  if (typeof question === "object") void work(question as DiskWork).then((answer) => process.send?.(answer));
});
console.log(JSON.stringify({ event: "ready" }));
