/** The server under attack, in a process of its own: it tells how it fares, and dies of what nobody catches. */
import { type EmbeddedOptions, startEmbedded } from "../../src/index.ts";

export interface Fares {
  /** Bytes that are reachable, after everything else was collected. */
  readonly held: number;
  /** Bytes of the whole process. */
  readonly resident: number;
  readonly warnings: readonly string[];
}

const warnings: string[] = [];
process.on("warning", ({ name, message }) => warnings.push(`${name}: ${message}`));

const server = await startEmbedded(JSON.parse(process.argv[2] ?? "{}") as EmbeddedOptions);
process.on("message", (question) => {
  if (question === "stop") {
    void server.stop().then(() => process.disconnect());
    return;
  }
  void collected().then(() => {
    const { heapUsed, external, rss } = process.memoryUsage();
    return process.send?.({ held: heapUsed + external, resident: rss, warnings } satisfies Fares);
  });
});

/** What is held outside of the heap goes a turn after what held it. */
async function collected(): Promise<void> {
  for (let times = 0; times < 4; times++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    globalThis.gc?.();
  }
}

// Nobody attacks any more.
process.on("disconnect", () => process.exit());
process.send?.({ port: server.port, connectionString: server.connectionString });
