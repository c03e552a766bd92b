import { parentPort } from "node:worker_threads";
import type { ScriptRequest } from "./dry-run-protocol.ts";
import { ScriptRunner } from "./script-runner.ts";

/** The thread in which a script runs: what it does holds up nobody, and ends with it. */
const runner = new ScriptRunner();
parentPort?.on("message", (request: ScriptRequest) => {
  void runner.answer(request).then((answer) => parentPort?.postMessage(answer));
});
