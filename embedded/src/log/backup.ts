import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { checkReadable, DATA_FILE, openDatabase, openForReading } from "./database.ts";
import { holderElsewhere, lockDirectory } from "./directory-lock.ts";
import { DiskSpace } from "./disk-space.ts";
import {
  CopyFailedError,
  DataDirectoryInUseError,
  DataDirectoryUnreadableError,
  ProcessIdTakenError,
  TargetNotEmptyError,
} from "./errors.ts";
import { findSegments } from "./journal/found-segments.ts";
import { endOfGroup, type Group } from "./journal/group-codec.ts";
import { tailBehind } from "./journal/journal-tail.ts";
import { endOf, putTail } from "./log-tables.ts";
import { spaceToIndex } from "./space-needed.ts";

/** What a copy is called while it is not whole. */
export const PARTIAL_FILE = `${DATA_FILE}.partial`;
/** LMDB's own, beside it. */
const PARTIAL_LOCK_FILE = `${PARTIAL_FILE}-lock`;

/** Removes what a copy that did not become whole has left. */
export function removePartial(target: string): void {
  for (const name of [PARTIAL_FILE, PARTIAL_LOCK_FILE]) rmSync(join(target, name), { force: true });
}

/**
 * Copies a log as it is at this moment into `target`, a directory of its own, while a server may be writing to it.
 * The copy is compact and appears whole or not at all. Answers its size in bytes.
 * @throws DataDirectoryUnreadableError, ProcessIdTakenError, TargetNotEmptyError, CopyFailedError
 */
export async function backup(directory: string, target: string): Promise<number> {
  checkReadable(directory);
  // LMDB tells its readers apart by their process ids.
  if ((await holderElsewhere(directory)) === process.pid) throw new ProcessIdTakenError(directory, process.pid);
  const source = openForReading(directory);
  try {
    // The journal first: what is written over in it meanwhile was in the tables before, and so in their copy.
    const groups = source.logId === undefined ? [] : await journalOf(directory, source.logId);
    return await intoPlace(target, async (partial) => {
      await source.copy(partial);
      await addTail(partial, target, groups);
      rmSync(join(target, PARTIAL_LOCK_FILE), { force: true });
    });
  } finally {
    await source.close();
  }
}

/** A segment that is read while it is begun anew looks like a damaged one; it does not come to that twice in a row by chance. */
const LOOKS = 5;
const LOOK_PAUSE_MS = 100;

async function journalOf(directory: string, logId: string): Promise<readonly Group[]> {
  for (let look = 1; ; look++) {
    const found = findSegments(directory, logId);
    if ("segments" in found) return found.segments.flatMap(({ groups }) => groups);
    if (look === LOOKS) throw new DataDirectoryUnreadableError(directory, found.fault);
    await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MS));
  }
}

/** Brings the copied tables up to the journal, so that a copy is one file. */
async function addTail(path: string, directory: string, groups: readonly Group[]): Promise<void> {
  if (groups.length === 0) return;
  // All of it is flushed when it is whole.
  const database = openDatabase(path, directory, { noSync: true });
  try {
    // What was written while the journal was read may be there in part; it came after the beginning.
    const tail = tailBehind(endOf(database), groups).groups;
    const bytes = tail.reduce((sum, group) => sum + endOfGroup(group) - group.start, 0);
    new DiskSpace(directory).require(spaceToIndex(bytes).bytes, 0);
    for (const group of tail) await putTail(database, group);
  } finally {
    await database.close();
  }
}

/**
 * Makes `target`, a data directory that does not exist or is empty, from a backup. Answers its size in bytes.
 * @throws DataDirectoryUnreadableError when `from` is no backup, DataDirectoryInUseError, TargetNotEmptyError, CopyFailedError
 */
export async function restore(from: string, target: string): Promise<number> {
  if (existsSync(target)) checkUnused(target);
  return backup(from, target);
}

/** @throws DataDirectoryInUseError, CopyFailedError */
function checkUnused(target: string): void {
  try {
    lockDirectory(target)();
  } catch (error) {
    throw error instanceof DataDirectoryInUseError ? error : new CopyFailedError(target, error);
  }
}

/** What is in a directory, which is made if it is not there. */
function contentOf(target: string): readonly string[] {
  try {
    mkdirSync(target, { recursive: true, mode: 0o700 });
    return readdirSync(target);
  } catch (error) {
    throw new CopyFailedError(target, error);
  }
}

async function intoPlace(target: string, copy: (partial: string) => Promise<void>): Promise<number> {
  const wasThere = existsSync(target);
  const present = contentOf(target).find((name) => name !== PARTIAL_FILE && name !== PARTIAL_LOCK_FILE);
  if (present !== undefined) throw new TargetNotEmptyError(target, present);
  removePartial(target);
  const partial = join(target, PARTIAL_FILE);
  try {
    await copy(partial);
    const bytes = statSync(partial).size;
    if (bytes === 0) throw new Error("it came out empty");
    flush(partial);
    chmodSync(partial, 0o600);
    renameSync(partial, join(target, DATA_FILE));
    flush(target);
    return bytes;
  } catch (error) {
    removePartial(target);
    if (!wasThere) rmdirSync(target);
    throw new CopyFailedError(target, error);
  }
}

function flush(path: string): void {
  const file = openSync(path, "r");
  fsyncSync(file);
  closeSync(file);
}
