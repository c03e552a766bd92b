/** Runs the system, and tells what it holds each time it is asked. Argument: the connection string. Needs `--expose-gc`. */
import { startEndpoint } from "@sluice/transport";
import { system } from "./system.ts";

/** What a process holds. Memory in bytes, after a garbage collection. */
export interface Holdings {
  readonly heap: number;
  readonly resident: number;
  readonly timers: number;
  /** Sockets, pipes, and other such handles. */
  readonly handles: number;
  /** On the process itself; warnings of too many elsewhere count as well. */
  readonly listeners: number;
}

let warnings = 0;
process.on("warning", ({ name }) => {
  if (name === "MaxListenersExceededWarning") warnings++;
});
process.once("disconnect", () => process.exit());
const [, , connectionString = ""] = process.argv;
await startEndpoint(system({ extras: 0, isOld: false }), { connectionString });
process.on("message", () => process.send?.(holdings()));
process.stdout.write("ready\n");

function holdings(): Holdings {
  globalThis.gc?.();
  const { heapUsed: heap, rss: resident } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  const timers = resources.filter((kind) => kind === "Timeout" || kind === "Immediate").length;
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), warnings);
  return { heap, resident, timers, handles: resources.length - timers, listeners };
}
