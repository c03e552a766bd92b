import { randomUUID } from "node:crypto";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { type Database as LmdbDatabase, type Key, open, type RootDatabase } from "lmdb";
import { DataDirectoryUnreadableError } from "./errors.ts";
import { type IndexKey, indexKey, type KeyCodec, placeKey, placeValue, recordValue, type ValueCodec } from "./keys.ts";
import { faultOfLmdbFile } from "./lmdb-file.ts";

type Table<K extends Key, V> = LmdbDatabase<V, K>;

/** What a transaction does. */
export interface Writes {
  put<K extends Key, V>(table: Table<K, V>, key: K, value: V): void;
  remove<K extends Key, V>(table: Table<K, V>, key: K): void;
}

/** The tables of a log, all of one LMDB environment. */
export interface Database {
  /** UUID of the log, which its journal names. */
  readonly logId: string;
  /** Position to record. */
  readonly records: Table<number, Buffer>;
  /** Stream number and revision to position. */
  readonly index: Table<IndexKey, number>;
  /** Stream name to stream number. */
  readonly names: Table<Buffer, number>;
  /** Runs the writes of `action` as one transaction; settles when it is on disk, and rejects when none of it is. */
  write(action: (writes: Writes) => void): Promise<void>;
  /** Makes what was just written visible to the reads of this turn of the event loop. */
  refresh(): void;
  close(): Promise<void>;
}

/** The file of the tables in the directory of a log; LMDB keeps a lock file beside it. */
export const DATA_FILE = "log.mdb";
/** Events and the hashes of passwords are in the file. LMDB's types leave the option out. */
const ITS_OWNERS_ALONE = { permissionsMode: 0o600 };
const FORMAT_KEY = Buffer.from("format");
const LOG_ID_KEY = Buffer.from("log-id");
/** With a journal, which a server that knows only the format before would pass over. */
const FORMAT = "sluice-log-2";
/** The same tables, and no journal. */
const FORMAT_BEFORE = "sluice-log-1";

/**
 * Opens or creates the tables in a directory that nobody else has. Those of the format before are carried over, by one step.
 * @throws DataDirectoryUnreadableError
 */
export function openDatabase(path: string, directory: string, options: { readonly noSync: boolean }): Database {
  const environment = openChecked(path, directory, options);
  const info = infoTable(environment);
  if (isUnused(environment) || info.get(FORMAT_KEY)?.toString() === FORMAT_BEFORE) {
    const logId = randomUUID();
    info.transactionSync(() => {
      void info.put(LOG_ID_KEY, Buffer.from(logId));
      void info.put(FORMAT_KEY, Buffer.from(FORMAT));
    });
  }
  checkFormat(environment, directory);
  const records = table(environment, "records", placeKey, recordValue);
  return {
    logId: info.get(LOG_ID_KEY)?.toString() ?? "",
    records,
    index: table(environment, "index", indexKey, placeValue),
    names: table(environment, "names", undefined, placeValue),
    write: (action) => transaction(records, action),
    refresh: () => environment.resetReadTxn(),
    close: () => environment.close(),
  };
}

/** Tables that are only looked at, perhaps while a server writes to them. */
export interface ReadOnlyDatabase {
  /** Undefined in the format before. */
  readonly logId: string | undefined;
  /** Copies them, as they are at this moment, into a file of their own, which is compact. */
  copy(path: string): Promise<void>;
  close(): Promise<void>;
}

/** @throws DataDirectoryUnreadableError where there is no log that this user may read. */
export function checkReadable(directory: string): void {
  try {
    accessSync(join(directory, DATA_FILE), constants.R_OK);
  } catch (cause) {
    const isClosed = (cause as NodeJS.ErrnoException).code === "EACCES";
    const reason = isClosed ? "this user may not read it" : `it holds no ${DATA_FILE}`;
    throw new DataDirectoryUnreadableError(directory, reason, { cause });
  }
}

/** @throws DataDirectoryUnreadableError */
export function openForReading(directory: string): ReadOnlyDatabase {
  const path = join(directory, DATA_FILE);
  const environment = openChecked(path, directory, { readOnly: true });
  checkFormat(environment, directory, [FORMAT, FORMAT_BEFORE]);
  return {
    logId: infoTable(environment).get(LOG_ID_KEY)?.toString(),
    copy: (to) => environment.backup(to, true),
    close: () => environment.close(),
  };
}

/** Nothing was ever written but what is written first, and perhaps not even that: its first server was killed at its start. */
function isUnused(environment: RootDatabase<Buffer, Buffer>): boolean {
  const tables = [...environment.getKeys()].map(String);
  // LMDB may show a name with the zero behind it.
  return tables.every((name) => name.startsWith("info")) && infoTable(environment).getKeysCount() === 0;
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

function checkFormat(
  environment: RootDatabase<Buffer, Buffer>,
  directory: string,
  known: readonly string[] = [FORMAT],
): void {
  const format = infoTable(environment).get(FORMAT_KEY)?.toString();
  if (format !== undefined && known.includes(format)) return;
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
