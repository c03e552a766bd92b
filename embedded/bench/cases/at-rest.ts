import { join } from "node:path";
import { Child } from "../child.ts";
import { type Case, SERVER } from "../bench.ts";
import { type Contender, figure } from "../figure.ts";

/** How soon a server with a large log is there, and what it takes while nobody asks it anything. */
export const atRest: Case = {
  name: "at-rest",
  async measure(bench) {
    const seed = bench.options.isFull ? { events: 10_000_000, streams: 100_000 } : { events: 100_000, streams: 1000 };
    const directory = await bench.seeded(seed);
    const bare = join(import.meta.dirname, "..", "ceilings", "bare-server.ts");
    const samples = await bench.measured([
      started("Sluice", SERVER, ["--json", "--port", "0", "--data", directory]),
      started("bare gRPC", bare, []),
    ]);
    const ready = { of: "value", limit: 1 } as const;
    const memory = { of: "value", limit: 150 } as const;
    return [
      figure({ name: "from start to ready", unit: "s", of: "ready", better: "less", goal: ready }, samples),
      figure({ name: "memory at rest", unit: "MB", of: "memory", better: "less", goal: memory }, samples),
    ];
  },
};

const started = (name: string, module: string, args: readonly string[]): Contender => ({
  name,
  async run(seconds) {
    const child = await Child.start(module, args);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const { memory } = await child.usage();
    await child.stop();
    return { ready: child.readyAfter, memory: memory / 2 ** 20 };
  },
});
