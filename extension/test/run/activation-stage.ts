import type { Counts } from "./counted.ts";
import { runSuites } from "./suite-stage.ts";

const LIMIT_MS = 50;
const RUNS = 3;

/** How long the package takes to activate: the median of several starts of VS Code, one test. */
export async function runActivations(vsix: string): Promise<Counts> {
  const runs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    let output = "";
    await runSuites({ suites: "activation", vsix, only: "", onOutput: (text) => (output += text) });
    const measured = /^activation: ([\d.]+) ms/m.exec(output)?.[1];
    if (measured === undefined) return { passed: 0, failed: 1 };
    runs.push(Number(measured));
  }
  const median = runs.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Infinity;
  console.log(`activation: ${median} ms is the median of ${runs.join(", ")} ms; the limit is ${LIMIT_MS} ms.`);
  return median <= LIMIT_MS ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
