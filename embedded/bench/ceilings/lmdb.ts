/** LMDB alone, opened as the log opens it: writes the same bytes in the same tables, with nothing around it. */
import { openDatabase } from "../../src/log/database.ts";
import { quantile, type Sample } from "../figure.ts";

export interface LmdbWork {
  readonly seconds: number;
  /** Writers that wait for their records to be on disk; those who wait together share a commit. */
  readonly writers: number;
  /** Bytes of the records in one write. */
  readonly records: readonly number[];
  /** How many of those count as events. */
  readonly events: number;
}

const directory = process.argv[2];
if (directory === undefined) throw new Error("Say in which directory to write.");
const database = openDatabase({ directory });
const NO_CARE = { bytes: 0, spare: 0 };
let position = 64;
/** As many streams as the appends of the benchmark go to. */
const revisions = Array.from({ length: 10 }, () => 0);
let turn = 0;

async function work({ seconds, writers, records, events }: LmdbWork): Promise<Sample> {
  const contents = records.map((bytes) => Buffer.alloc(bytes, "x"));
  const begun = performance.now();
  const times: number[] = [];
  for (let from = begun; from < begun + seconds * 1000;) {
    await database.write((writes) => {
      for (let writer = 0; writer < writers; writer++) {
        const stream = turn++ % revisions.length;
        for (const content of contents) {
          const revision = revisions[stream] ?? 0;
          revisions[stream] = revision + 1;
          writes.put(database.records, position, content);
          writes.put(database.index, [stream, revision], position);
          position += content.length;
        }
      }
    }, NO_CARE);
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
  if (typeof question === "object") void work(question as LmdbWork).then((answer) => process.send?.(answer));
});
console.log(JSON.stringify({ event: "ready" }));
