import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { ScriptThread } from "./dry-run.ts";
import type { ScriptAnswer, ScriptRequest } from "./dry-run-protocol.ts";

/** Beside the bundle. */
const WORKER = "dry-run-worker.cjs";
/** What the thread may take for itself; a script has 256 MiB of its own. */
const LIMITS = { maxOldGenerationSizeMb: 128 };

/** A thread of its own for one script. Disposing ends it, whatever it is doing. */
export function startScriptThread(): ScriptThread & { dispose(): void } {
  const worker = new Worker(join(__dirname, WORKER), { env: {}, execArgv: [], resourceLimits: LIMITS });
  return {
    ask: (request: ScriptRequest) =>
      new Promise<ScriptAnswer>((resolve, reject) => {
        const settle = (): void => {
          worker.off("message", answered).off("error", failed).off("exit", ended);
        };
        const answered = (answer: ScriptAnswer): void => {
          settle();
          resolve(answer);
        };
        const failed = (error: unknown): void => {
          settle();
          reject(error);
        };
        const ended = (): void => failed(new DOMException(undefined, "AbortError"));
        worker.on("message", answered).on("error", failed).on("exit", ended);
        worker.postMessage(request);
      }),
    dispose: () => void worker.terminate(),
  };
}
