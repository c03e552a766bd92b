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
import { DATA_FILE, openForReading } from "./database.ts";
import { lockDirectory } from "./directory-lock.ts";
import { CopyFailedError, TargetNotEmptyError } from "./errors.ts";

/** What a copy is called while it is not whole. */
export const PARTIAL_FILE = `${DATA_FILE}.partial`;

/**
 * Copies a log as it is at this moment into `target`, a directory of its own, while a server may be writing to it.
 * The copy is compact and appears whole or not at all. Answers its size in bytes.
 * @throws DataDirectoryUnreadableError, TargetNotEmptyError, CopyFailedError
 */
export async function backup(directory: string, target: string): Promise<number> {
  const source = openForReading(directory);
  try {
    return await intoPlace(target, (partial) => source.backup(partial, true));
  } finally {
    await source.close();
  }
}

/**
 * Makes `target`, a data directory that does not exist or is empty, from a backup. Answers its size in bytes.
 * @throws DataDirectoryUnreadableError when `from` is no backup, TargetNotEmptyError, CopyFailedError
 */
export async function restore(from: string, target: string): Promise<number> {
  if (existsSync(target)) lockDirectory(target)();
  return backup(from, target);
}

async function intoPlace(target: string, copy: (partial: string) => Promise<void>): Promise<number> {
  const wasThere = existsSync(target);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  const present = readdirSync(target).find((name) => name !== PARTIAL_FILE);
  if (present !== undefined) throw new TargetNotEmptyError(target, present);
  const partial = join(target, PARTIAL_FILE);
  rmSync(partial, { force: true });
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
    rmSync(partial, { force: true });
    if (!wasThere) rmdirSync(target);
    throw new CopyFailedError(target, error);
  }
}

function flush(path: string): void {
  const file = openSync(path, "r");
  fsyncSync(file);
  closeSync(file);
}
