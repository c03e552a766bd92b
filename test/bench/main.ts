/**
 * How fast messages travel, against plain appends and a plain persistent subscription on the same server.
 *
 *   npm run bench [-- --messages 3000 --rounds 5 --json]
 *
 * Machines differ and are never alone, so only the ratios count: each round does the plain thing and the transport's
 * thing one after the other, and the median of the rounds' ratios is shown.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ServerProcess } from "../server-process.ts";
import { direct, plain, plainRelay, transactional, transactionalRelay, type Run } from "./runs.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "3000" },
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});
const messages = Number(values.messages);
const rounds = Number(values.rounds);

interface Comparison {
  readonly name: string;
  readonly plain: Run;
  readonly ours: Run;
}

const comparisons: readonly Comparison[] = [
  { name: "transactional send, then receive", plain, ours: transactional },
  { name: "direct send, then receive", plain, ours: direct },
  { name: "receive, send transactionally, receive", plain: plainRelay, ours: transactionalRelay },
];

const data = await mkdtemp(join(tmpdir(), "sluice-bench-"));
const server = await ServerProcess.start(["--data", data]);
const results = [];
try {
  for (const { name, plain, ours } of comparisons) {
    const pairs: { plain: number; ours: number }[] = [];
    // The first round warms up and does not count.
    for (let round = 0; round <= rounds; round++) {
      const pair = {
        plain: await plain(server.connectionString, messages),
        ours: await ours(server.connectionString, messages),
      };
      if (round > 0) pairs.push(pair);
    }
    results.push({
      name,
      ratio: median(pairs.map((pair) => pair.ours / pair.plain)),
      plainPerSecond: median(pairs.map((pair) => pair.plain)),
      oursPerSecond: median(pairs.map((pair) => pair.ours)),
    });
  }
} finally {
  await server.stop();
  await rm(data, { recursive: true, force: true });
}

if (values.json) {
  console.log(JSON.stringify({ messages, rounds, results }));
} else {
  console.log("| | plain, messages/s | Sluice, messages/s | ratio |");
  console.log("|---|---|---|---|");
  for (const { name, ratio, plainPerSecond, oursPerSecond } of results) {
    console.log(`| ${name} | ${plainPerSecond.toFixed(0)} | ${oursPerSecond.toFixed(0)} | ${ratio.toFixed(2)} |`);
  }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
