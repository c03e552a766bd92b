import { createHash, randomUUID } from "node:crypto";
import {
  constants,
  copyFileSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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
  const id = randomUUID();
  const own = `${path}.${id}`;
  const holder: Holder = { pid: process.pid, started: startOf(process.pid) };
  // With an id, so that no two locks are the same text.
  writeFileSync(own, JSON.stringify({ ...holder, id }));
  try {
    const other = take(path, own);
    if (other !== undefined) throw new DataDirectoryInUseError(directory, other.pid);
  } finally {
    rmSync(own, { force: true });
  }
  removeLeftovers(directory);
  // Whoever has taken the directory away meanwhile has taken the lock with it.
  return () => rmSync(path, { force: true });
}

/**
 * Puts the file `own` in the place of a lock, whole or not at all; answers the living holder where there is one.
 *
 * Of all who see the same stale lock only one may replace it: who holds a lock on that, named after its text, and then still
 * finds the text there. No text comes twice, so nobody else replaces it meanwhile. Whoever was killed in between has left that
 * second lock stale, and it is taken over in the same way.
 */
function take(path: string, own: string): Holder | undefined {
  while (!created(path, own)) {
    const text = readIfThere(path);
    if (text === undefined) continue;
    const holder = parseHolder(text);
    if (holder !== undefined && isAlive(holder)) return holder;
    const right = `${path}.${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
    const other = take(right, own);
    if (other !== undefined) return other;
    const isStill = readIfThere(path) === text;
    if (isStill) {
      copyFileSync(own, `${own}.copy`);
      renameSync(`${own}.copy`, path);
    }
    rmSync(right, { force: true });
    if (isStill) return undefined;
  }
  return undefined;
}

/** Makes `path` by one step, with what is in `own`: nobody may see it without. */
function created(path: string, own: string): boolean {
  try {
    try {
      linkSync(own, path);
    } catch (error) {
      if (!["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"].some((code) => isCode(error, code))) throw error;
      // A file system without links.
      copyFileSync(own, path, constants.COPYFILE_EXCL);
    }
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** What processes that were killed while they took a lock have left beside it. */
function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (!name.startsWith(`${LOCK_FILE}.`)) continue;
    const path = join(directory, name);
    const holder = parseHolder(readIfThere(path) ?? "");
    if (holder !== undefined && !isAlive(holder)) rmSync(path, { force: true });
  }
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
