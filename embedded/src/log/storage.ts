import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DATA_FILE, type Database, openDatabase } from "./database.ts";
import { lockDirectory } from "./directory-lock.ts";
import { DiskSpace, SPARE } from "./disk-space.ts";
import { DataDirectoryNotWritableError, DataDirectoryUnreadableError } from "./errors.ts";
import { findSegments } from "./journal/found-segments.ts";
import type { Group } from "./journal/group-codec.ts";
import { type Journal, NO_JOURNAL, startJournal } from "./journal/journal.ts";
import { tailBehind } from "./journal/journal-tail.ts";
import { isSegmentName } from "./journal/segment-name.ts";
import { endOf } from "./log-tables.ts";

/** Where a log lives: a directory that survives, or memory that ends with the server. */
export type Location = InDirectory | "memory";

export interface InDirectory {
  readonly directory: string;
  /** Locks on it that may be taken over although their holders cannot be seen from here. Default: none. */
  readonly abandoned?: ReadonlySet<string>;
}

/** What a log is stored in. */
export interface Storage {
  readonly database: Database;
  readonly journal: Journal;
  /** What the journal has and the tables lack: they were not yet brought up to it when the last server ended. */
  readonly tail: readonly Group[];
  readonly space: DiskSpace;
  close(): Promise<void>;
}

/**
 * Opens or creates what a log is stored in, and keeps others from it.
 * @throws DataDirectoryInUseError, DataDirectoryNotWritableError, DataDirectoryUnreadableError, DiskFullError
 */
export function openStorage(location: Location): Storage {
  if (location === "memory") return openInMemory();
  const { directory, abandoned } = location;
  prepareDirectory(directory);
  const space = new DiskSpace(directory);
  space.require(0, SPARE.rest);
  const unlock = lockDirectory(directory, abandoned);
  try {
    return openDirectory(directory, space, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function openDirectory(directory: string, space: DiskSpace, unlock: () => void): Storage {
  const database = openDatabase(join(directory, DATA_FILE), directory, { noSync: false });
  try {
    const { logId } = database;
    const found = findSegments(directory, logId);
    if ("fault" in found) throw new DataDirectoryUnreadableError(directory, found.fault);
    const { segments } = found;
    const groups = segments.flatMap((segment) => segment.groups);
    const indexed = endOf(database);
    const { groups: tail, isWhole } = tailBehind(indexed, groups);
    if (!isWhole) throw new DataDirectoryUnreadableError(directory, "a part of its journal is missing");
    const sequence = 1 + groups.reduce((highest, group) => Math.max(highest, group.sequence), -1);
    const journal = startJournal({ directory, logId, space, segments, sequence });
    journal.release(indexed);
    return {
      database,
      journal,
      tail,
      space,
      close: async () => {
        await journal.close();
        await database.close();
        unlock();
      },
    };
  } catch (error) {
    void database.close();
    throw error;
  }
}

/** LMDB needs a file; one in the temporary directory that nobody flushes is as good as memory. */
function openInMemory(): Storage {
  const space = new DiskSpace(tmpdir());
  space.require(0, SPARE.rest);
  const directory = join(tmpdir(), `sluice-memory-${randomBytes(8).toString("hex")}`);
  mkdirSync(directory, { mode: 0o700 });
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const database = openDatabase(join(directory, DATA_FILE), directory, { noSync: true });
  // The open file lives on without its name, so that nothing stays behind even after a kill. Windows keeps it until the end.
  const isRemovedAtOnce = process.platform !== "win32";
  if (isRemovedAtOnce) remove();
  return {
    database,
    journal: NO_JOURNAL,
    tail: [],
    space,
    close: async () => {
      await database.close();
      if (!isRemovedAtOnce) remove();
    },
  };
}

function prepareDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DataDirectoryNotWritableError(directory, { cause: error });
  }
  if (existsSync(join(directory, DATA_FILE))) return;
  const names = readdirSync(directory);
  if (names.some(isSegmentName)) {
    throw new DataDirectoryUnreadableError(
      directory,
      `it holds a journal, and the ${DATA_FILE} that belongs to it is gone`,
    );
  }
  const foreign = names.find((name) => !/^server\.(lock|socket)/.test(name));
  if (foreign !== undefined) {
    throw new DataDirectoryUnreadableError(directory, `it holds files that are not a log's (such as ${foreign})`);
  }
}
