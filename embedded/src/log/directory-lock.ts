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
import { isListening, listenAs, processNamespace, SOCKET_FILE } from "./holder-socket.ts";

const LOCK_FILE = "server.lock";

/** Who holds a directory. A process id alone may have been given to somebody else meanwhile, so its start counts too. */
interface Holder {
  readonly pid: number;
  readonly started: string;
  /** Where its process id is known: each container has ids of its own. Locks of earlier versions do not say. */
  readonly namespace?: string;
  readonly id?: string;
}

/**
 * Makes a data directory this process's own until the returned function is called.
 * A lock left behind by a killed process is taken over; of those of other containers only the `abandoned` ones.
 * @throws DataDirectoryInUseError while another process lives that holds it.
 */
export function lockDirectory(directory: string, abandoned: ReadonlySet<string> = new Set()): () => void {
  const path = join(directory, LOCK_FILE);
  const id = randomUUID();
  const own = `${path}.${id}`;
  const holder: Holder = { pid: process.pid, started: startOf(process.pid), namespace: processNamespace(), id };
  // Before anybody can read of this one: whoever does not answer is gone.
  const stopListening = listenAs(id, directory);
  try {
    // With an id, so that no two locks are the same text.
    writeFileSync(own, JSON.stringify(holder));
    const other = take(path, own, abandoned);
    if (other !== undefined) throw new DataDirectoryInUseError(directory, other.pid, isElsewhere(other));
  } catch (error) {
    stopListening();
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
  removeLeftovers(directory, id, abandoned);
  return () => {
    // Whoever has taken the directory away meanwhile has taken the lock with it.
    rmSync(path, { force: true });
    stopListening();
  };
}

/** Texts of the locks in a directory whose holders are in other containers and do not live any more. */
export async function abandonedLocks(directory: string): Promise<ReadonlySet<string>> {
  const abandoned = new Set<string>();
  for (const name of namesIn(directory).filter((one) => one.startsWith(LOCK_FILE))) {
    const text = readIfThere(join(directory, name)) ?? "";
    const holder = parseHolder(text);
    if (holder === undefined || !isElsewhere(holder)) continue;
    if (!(await isListening(holder.id ?? "", directory))) abandoned.add(text);
  }
  return abandoned;
}

/** The process id of who holds a directory in another container, and lives; undefined where nobody does. */
export async function holderElsewhere(directory: string): Promise<number | undefined> {
  const holder = parseHolder(readIfThere(join(directory, LOCK_FILE)) ?? "");
  if (holder === undefined || !isElsewhere(holder)) return undefined;
  return (await isListening(holder.id ?? "", directory)) ? holder.pid : undefined;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    // Whoever opens it is told what is wrong with it, if it is not just not there yet.
    return [];
  }
}

/**
 * Puts the file `own` in the place of a lock, whole or not at all; answers the living holder where there is one.
 *
 * Of all who see the same stale lock only one may replace it: who holds a lock on that, named after its text, and then still
 * finds the text there. No text comes twice, so nobody else replaces it meanwhile. Whoever was killed in between has left that
 * second lock stale, and it is taken over in the same way.
 */
function take(path: string, own: string, abandoned: ReadonlySet<string>): Holder | undefined {
  while (!created(path, own)) {
    const text = readIfThere(path);
    if (text === undefined) continue;
    const holder = livingHolder(text, abandoned);
    if (holder !== undefined) return holder;
    const right = `${path}.${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
    const other = take(right, own, abandoned);
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

/** What processes that were killed have left beside the lock. Whoever is just trying to take it does not get it. */
function removeLeftovers(directory: string, id: string, abandoned: ReadonlySet<string>): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (name.startsWith(`${SOCKET_FILE}.`) && !name.endsWith(id)) rmSync(path, { force: true });
    if (!name.startsWith(`${LOCK_FILE}.`)) continue;
    const text = readIfThere(path) ?? "";
    if (parseHolder(text) !== undefined && livingHolder(text, abandoned) === undefined) rmSync(path, { force: true });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, started, namespace, id } = JSON.parse(text) as Partial<Holder>;
    if (typeof pid !== "number" || typeof started !== "string") return undefined;
    return { pid, started, ...(namespace !== undefined && { namespace }), ...(id !== undefined && { id }) };
  } catch {
    return undefined;
  }
}

/** Who holds a lock with that text; undefined where nobody does any more. */
function livingHolder(text: string, abandoned: ReadonlySet<string>): Holder | undefined {
  const holder = parseHolder(text);
  if (holder === undefined) return undefined;
  return (isElsewhere(holder) ? !abandoned.has(text) : isAlive(holder)) ? holder : undefined;
}

/** In another container, or outside of this one: its process id says nothing here. */
const isElsewhere = ({ namespace }: Holder): boolean => namespace !== undefined && namespace !== processNamespace();

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
