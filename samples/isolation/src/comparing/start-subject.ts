import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** Where the heaps of handlers are: all in that of the process, or each message's own. */
export type Kind = "shared" | "own";

const SUBJECT = join(import.meta.dirname, "subject.ts");
/** MiB: small, so that what eats memory is soon done. */
const HEAP = 128;

/** Starts a process with the component. What it has to say of its end is kept from the terminal. */
export function startSubject(kind: Kind, connectionString: string, ...task: readonly string[]): ChildProcess {
  const flags = ["--conditions=sluice-source", "--expose-gc", `--max-old-space-size=${HEAP}`];
  const child = spawn(process.execPath, [...flags, SUBJECT, kind, connectionString, ...task], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  // It ends with this process, unless that is killed.
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return child;
}
