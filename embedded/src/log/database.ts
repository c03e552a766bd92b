import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database as LmdbDatabase, type Key, open, type RootDatabase } from "lmdb";
import { lockDirectory } from "./directory-lock.ts";
import { DiskSpace, SPARE } from "./disk-space.ts";
import { DataDirectoryNotWritableError, DataDirectoryUnreadableError } from "./errors.ts";
import { type IndexKey, indexKey, type KeyCodec, placeKey, placeValue, recordValue, type ValueCodec } from "./keys.ts";
import { faultOfLmdbFile } from "./lmdb-file.ts";
import type { SpaceNeeded } from "./space-needed.ts";

/** Where a log lives: a directory that survives, or memory that ends with the server. */
export type Location = { readonly directory: string } | "memory";

type Table<K extends Key, V> = LmdbDatabase<V, K>;

/** What a transaction does. */
export interface Writes {
  put<K extends Key, V>(table: Table<K, V>, key: K, value: V): void;
  remove<K extends Key, V>(table: Table<K, V>, key: K): void;
}

/** The tables of a log, all of one LMDB environment. */
export interface Database {
  /** Position to record. */
  readonly records: Table<number, Buffer>;
  /** Stream number and revision to position. */
  readonly index: Table<IndexKey, number>;
  /** Stream name to stream number. */
  readonly names: Table<Buffer, number>;
  /**
   * Runs the writes of `action` as one transaction; settles when it is on disk, and rejects when none of it is.
   * @throws DiskFullError where, behind the `bytes` that are written, less than `spare` would be left of the disk.
   */
  write(action: (writes: Writes) => void, space: SpaceNeeded): Promise<void>;
  /** Makes what was just written visible to the reads of this turn of the event loop. */
  refresh(): void;
  close(): Promise<void>;
}

/** The one file of a log in its directory; LMDB keeps a lock file beside it. */
export const DATA_FILE = "log.mdb";
/** Events and the hashes of passwords are in the file. LMDB's types leave the option out. */
const ITS_OWNERS_ALONE = { permissionsMode: 0o600 };
const FORMAT_KEY = Buffer.from("format");
const FORMAT = "sluice-log-1";

/**
 * Opens or creates the database of a log.
 * @throws DataDirectoryInUseError, DataDirectoryNotWritableError, DataDirectoryUnreadableError, DiskFullError
 */
export function openDatabase(location: Location): Database {
  if (location === "memory") return openInMemory();
  const { directory } = location;
  prepareDirectory(directory);
  const space = new DiskSpace(directory);
  space.require(0, SPARE.rest);
  const unlock = lockDirectory(directory);
  try {
    return openFile(join(directory, DATA_FILE), directory, { noSync: false, space, closed: unlock });
  } catch (error) {
    unlock();
    throw error;
  }
}

/** LMDB needs a file; one in the temporary directory that nobody flushes is as good as memory. */
function openInMemory(): Database {
  const space = new DiskSpace(tmpdir());
  space.require(0, SPARE.rest);
  const directory = join(tmpdir(), `sluice-memory-${randomBytes(8).toString("hex")}`);
  mkdirSync(directory, { mode: 0o700 });
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const database = openFile(join(directory, DATA_FILE), directory, { noSync: true, space, closed: () => {} });
  // The open file lives on without its name, so that nothing stays behind even after a kill. Windows keeps it until the end.
  if (process.platform !== "win32") {
    remove();
    return database;
  }
  return { ...database, close: () => database.close().then(remove) };
}

function prepareDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DataDirectoryNotWritableError(directory, { cause: error });
  }
  if (existsSync(join(directory, DATA_FILE))) return;
  const foreign = readdirSync(directory).find((name) => !name.startsWith("server.lock"));
  if (foreign !== undefined) {
    throw new DataDirectoryUnreadableError(directory, `it holds files that are not a log's (such as ${foreign})`);
  }
}

/** A log that is only looked at, perhaps while a server writes to it. */
export function openForReading(directory: string): RootDatabase<Buffer, Buffer> {
  const path = join(directory, DATA_FILE);
  if (!existsSync(path)) throw new DataDirectoryUnreadableError(directory, `it holds no ${DATA_FILE}`);
  const environment = openChecked(path, directory, { readOnly: true });
  checkFormat(environment, directory);
  return environment;
}

function openFile(
  path: string,
  directory: string,
  options: { readonly noSync: boolean; readonly space: DiskSpace; readonly closed: () => void },
): Database {
  const isNew = !existsSync(path);
  const environment = openChecked(path, directory, { noSync: options.noSync });
  if (isNew) infoTable(environment).putSync(FORMAT_KEY, Buffer.from(FORMAT));
  checkFormat(environment, directory);
  const records = table(environment, "records", placeKey, recordValue);
  return {
    records,
    index: table(environment, "index", indexKey, placeValue),
    names: table(environment, "names", undefined, placeValue),
    write: async (action, { bytes, spare }) => {
      options.space.require(bytes, spare);
      await transaction(records, action);
    },
    refresh: () => environment.resetReadTxn(),
    close: async () => {
      await environment.close();
      options.closed();
    },
  };
}

/** A failed commit's error carries the reason as a promise of its own, which must be heard. */
async function transaction<K extends Key, V>(anyTable: Table<K, V>, action: (writes: Writes) => void): Promise<void> {
  const writes: Writes = {
    // Inside a batch these settle with it.
    put: (table, key, value) => void table.put(key, value),
    remove: (table, key) => void table.remove(key),
  };
  try {
    await anyTable.batch(() => action(writes));
  } catch (error) {
    if (error instanceof Error && "commitError" in error) await error.commitError;
    throw error;
  }
}

/** A table; keys without a codec are bytes. LMDB's types leave out that it takes codecs. */
function table<K extends Key, V>(
  environment: RootDatabase<Buffer, Buffer>,
  name: string,
  keys: KeyCodec<K> | undefined,
  values: ValueCodec<V>,
): Table<K, V> {
  const options = {
    name,
    encoder: values,
    keyEncoding: keys === undefined ? ("binary" as const) : undefined,
    keyEncoder: keys,
  };
  return environment.openDB<V, K>(options as { name: string });
}

function infoTable(environment: RootDatabase<Buffer, Buffer>): Table<Buffer, Buffer> {
  return environment.openDB<Buffer, Buffer>({ name: "info", keyEncoding: "binary", encoding: "binary" });
}

function checkFormat(environment: RootDatabase<Buffer, Buffer>, directory: string): void {
  const format = infoTable(environment).get(FORMAT_KEY)?.toString();
  if (format === FORMAT) return;
  throw new DataDirectoryUnreadableError(
    directory,
    `its format is ${format ?? "unknown"}, this server reads ${FORMAT}`,
  );
}

/** LMDB maps the file into memory, so a torn or foreign one is refused before it is touched. */
function openChecked(
  path: string,
  directory: string,
  options: { readonly noSync?: boolean; readonly readOnly?: boolean },
): RootDatabase<Buffer, Buffer> {
  const fault = existsSync(path) ? faultOfLmdbFile(path) : undefined;
  if (fault !== undefined) throw new DataDirectoryUnreadableError(directory, fault);
  try {
    return open<Buffer, Buffer>({
      path,
      noSubdir: true,
      maxDbs: 8,
      keyEncoding: "binary",
      encoding: "binary",
      cache: false,
      // A commit is answered when it is on disk, and nobody sees it before.
      overlappingSync: false,
      // Every write here is part of an explicit batch. The implicit ones have a promise that nobody can hear fail.
      eventTurnBatching: false,
      ...ITS_OWNERS_ALONE,
      ...options,
    });
  } catch (error) {
    throw new DataDirectoryUnreadableError(directory, "its file is not an LMDB database, or a damaged one", {
      cause: error,
    });
  }
}
