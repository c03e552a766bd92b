import { linkSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataDirectoryInUseError } from "./errors.ts";

const LOCK_FILE = "server.lock";

/** Who holds a directory. A process id alone may have been given to somebody else meanwhile, so its start counts too. */
interface Holder {
  readonly pid: number;
  readonly started: string;
}

/**
 * Makes a data directory this process's own until the returned function is called.
 * A lock left behind by a killed process is taken over.
 * @throws DataDirectoryInUseError while another process lives that holds it.
 */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, LOCK_FILE);
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder);
  while (!created(path, own)) {
    const text = readIfThere(path);
    const holder = text === undefined ? undefined : parseHolder(text);
    if (holder !== undefined && isAlive(holder)) throw new DataDirectoryInUseError(directory, holder.pid);
    if (text !== undefined) takeAway(path, text);
  }
  // Whoever has taken the directory away meanwhile has taken the lock with it.
  return () => rmSync(path, { force: true });
}

function created(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Removes the stale lock that was seen, and only that one: two processes may meet here, and one has a fresh lock by then. */
function takeAway(path: string, stale: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  if (readFileSync(aside, "utf8") !== stale) linkSync(aside, path);
  unlinkSync(aside);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === "number" && typeof started === "string" ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return isCode(error, "EPERM");
  }
  return startOf(holder.pid) === holder.started && !hasEnded(holder.pid);
}

/**
 * A killed process can still be asked for until its parent has taken note, which in a container may be never. It holds nothing
 * any more once no thread of it is left but the one that stands for the process.
 */
function hasEnded(pid: number): boolean {
  try {
    return statOf(pid)[1] === "Z" && readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    return false;
  }
}

/** When a process was started, as Linux tells it; elsewhere nothing is known and every start is the same. */
function startOf(pid: number): string {
  try {
    return statOf(pid)[20] ?? "";
  } catch {
    return "";
  }
}

/** What Linux tells of a process behind its name, which may hold anything: state first, start as the twentieth. */
function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")")).split(" ");
}
