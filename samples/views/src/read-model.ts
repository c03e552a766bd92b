import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import type { CheckpointStore } from "@sluice/transport";
import type { Loan } from "./messages.ts";

/**
 * No commit waits for the disk: a killed process loses none, and what a power cut takes is folded again, since rows and checkpoint go
 * together.
 */
const TABLES = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS books (book TEXT PRIMARY KEY, reader TEXT, lent INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS readers (reader TEXT PRIMARY KEY, inHand INTEGER NOT NULL, lent INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS folded (id INTEGER PRIMARY KEY, events INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS checkpoints (view TEXT PRIMARY KEY, checkpoint BLOB NOT NULL) STRICT;
`;

type Row = Record<string, SQLOutputValue>;

/** What can be asked. Answers hold what is committed, so nothing that was answered is taken back when the process is killed. */
export interface Queries {
  book(book: string): Row | undefined;
  reader(reader: string): Row | undefined;
  /** Those who have borrowed most. */
  readers(count: number): readonly Row[];
  /** Events that are folded. */
  events(): number;
  /** Everything, in a fixed order. */
  all(): { readonly books: readonly Row[]; readonly readers: readonly Row[] };
}

/** A read model in a file of SQLite: written by one connection, asked through another. */
export interface ReadModel extends Queries, Disposable {
  lent(loan: Loan): void;
  returned(loan: Loan): void;
  /** For the view that writes it. */
  readonly checkpoints: CheckpointStore;
}

/** Opens a read model. The file is made where it is not there. */
export function openReadModel(file: string): ReadModel {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec(TABLES);
  const reading = new DatabaseSync(file, { readOnly: true });
  return {
    ...foldsInto(db),
    ...queriesOf(reading),
    checkpoints: checkpointsIn(db),
    [Symbol.dispose]() {
      reading.close();
      // What is not committed is gone, and comes again.
      db.close();
    },
  };
}

/** What is folded stands in a transaction that is open all the time: a checkpoint ends it, and begins the next. */
function checkpointsIn(db: DatabaseSync): CheckpointStore {
  const load = db.prepare("SELECT checkpoint FROM checkpoints WHERE view = ?");
  const save = db.prepare(
    "INSERT INTO checkpoints VALUES (?, ?) ON CONFLICT DO UPDATE SET checkpoint = excluded.checkpoint",
  );
  return {
    load: async (view) => {
      if (db.isTransaction) db.exec("ROLLBACK");
      const saved = load.get(view)?.["checkpoint"];
      db.exec("BEGIN");
      return saved instanceof Uint8Array ? saved : undefined;
    },
    save: async (view, checkpoint) => {
      save.run(view, checkpoint);
      db.exec("COMMIT; BEGIN");
    },
    reset: async () => {
      db.exec("DELETE FROM books; DELETE FROM readers; DELETE FROM folded; DELETE FROM checkpoints");
    },
  };
}

function foldsInto(db: DatabaseSync): Pick<ReadModel, "lent" | "returned"> {
  const counted = db.prepare("INSERT INTO folded VALUES (1, 1) ON CONFLICT DO UPDATE SET events = events + 1");
  const bookLent = db.prepare(
    "INSERT INTO books VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET reader = excluded.reader, lent = lent + 1",
  );
  const bookReturned = db.prepare("UPDATE books SET reader = NULL WHERE book = ?");
  const readerTook = db.prepare(
    "INSERT INTO readers VALUES (?, 1, 1) ON CONFLICT DO UPDATE SET inHand = inHand + 1, lent = lent + 1",
  );
  const readerGave = db.prepare("UPDATE readers SET inHand = inHand - 1 WHERE reader = ?");
  return {
    lent({ book, reader }) {
      bookLent.run(book, reader);
      readerTook.run(reader);
      counted.run();
    },
    returned({ book, reader }) {
      bookReturned.run(book);
      readerGave.run(reader);
      counted.run();
    },
  };
}

/** Rows come without a prototype. */
const plain = (row: Row): Row => ({ ...row });

function queriesOf(db: DatabaseSync): Queries {
  const book = db.prepare("SELECT * FROM books WHERE book = ?");
  const reader = db.prepare("SELECT * FROM readers WHERE reader = ?");
  const most = db.prepare("SELECT * FROM readers ORDER BY lent DESC, reader LIMIT ?");
  const events = db.prepare("SELECT events FROM folded");
  const books = db.prepare("SELECT * FROM books ORDER BY book");
  const readers = db.prepare("SELECT * FROM readers ORDER BY reader");
  return {
    book: (name) => book.get(name),
    reader: (name) => reader.get(name),
    readers: (count) => most.all(count),
    events: () => Number(events.get()?.["events"] ?? 0),
    all: () => ({ books: books.all().map(plain), readers: readers.all().map(plain) }),
  };
}
