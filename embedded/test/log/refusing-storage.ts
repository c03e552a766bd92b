import { type Location, openStorage, type Storage } from "../../src/log/storage.ts";

export interface RefusingStorage {
  readonly storage: Storage;
  readonly disk: Disk;
}

/** What a disk does with what is written to it; to be changed at will. */
export interface Disk {
  /** It takes nothing into the journal. */
  refusesJournal: boolean;
  refusesTables: boolean;
  /** Groups that the journal still takes; then it refuses so many, and takes all that follow. */
  takes: number;
  refusesNext: number;
}

/** A storage whose disk can be told to refuse. */
export function refusingStorage(location: Location): RefusingStorage {
  const storage = openStorage(location);
  const disk = { refusesJournal: false, refusesTables: false, takes: 0, refusesNext: 0 };
  const refuse = () => Promise.reject(new Error("the disk refuses"));
  const refusesGroup = () => {
    if (disk.refusesJournal) return true;
    if (disk.takes > 0) disk.takes--;
    else if (disk.refusesNext > 0) return disk.refusesNext-- > 0;
    return false;
  };
  const faulty: Storage = {
    ...storage,
    journal: {
      ...storage.journal,
      append: (...group) => (refusesGroup() ? refuse() : storage.journal.append(...group)),
    },
    database: {
      ...storage.database,
      write: (action) => (disk.refusesTables ? refuse() : storage.database.write(action)),
    },
  };
  return { storage: faulty, disk };
}
