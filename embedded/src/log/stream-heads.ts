import { Fifo } from "./fifo.ts";
import { weightOfName } from "./name-weight.ts";
import { type LogRecord, TOMBSTONE_REVISION } from "./record.ts";

/** What the log knows of one stream while it is in use. */
export interface StreamHead {
  readonly name: string;
  /** Number under which the index keeps it; undefined until its first event is staged. */
  number: number | undefined;
  /** Revision of the last event that was accepted, on disk or on its way; -1 for none. */
  staged: number;
  /** Revision of the last event on disk; -1 for none. */
  durable: number;
  /** Revision of the last event in the tables; -1 for none. */
  indexed: number;
  /** Records accepted that the tables lack, in order. */
  readonly unindexed: Fifo<LogRecord>;
}

interface Entry {
  readonly head: StreamHead;
  /** Asked for again since it was last looked at. */
  isUsed: boolean;
}

/** The heads in use. Of those that have nothing on its way to the tables the ones that nobody has asked for lately are forgotten. */
export class StreamHeads {
  readonly #entries = new Map<string, Entry>();
  /** In the order in which they are looked at when there are too many; whoever is used goes round once more. */
  readonly #round = new Fifo<Entry>();
  readonly #capacity: number;
  #weight = 0;

  /** `capacity` is the number of streams; one with a long name counts for several. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(name: string): StreamHead | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    entry.isUsed = true;
    return entry.head;
  }

  /** Adds one that is not there yet. */
  add(head: StreamHead): void {
    const entry = { head, isUsed: false };
    this.#entries.set(head.name, entry);
    this.#weight += weightOfName(head.name);
    for (let left = this.#round.length; left > 0 && this.#weight > this.#capacity; left--) this.#lookAtNext();
    // Behind the others only now: the one that is being asked for stays, however many there are.
    this.#round.push(entry);
  }

  clear(): void {
    this.#entries.clear();
    this.#round.drain();
    this.#weight = 0;
  }

  #lookAtNext(): void {
    const entry = this.#round.shift();
    if (entry === undefined) return;
    const { head, isUsed } = entry;
    if (isUsed || head.staged !== head.indexed) {
      entry.isUsed = false;
      this.#round.push(entry);
      return;
    }
    this.#entries.delete(head.name);
    this.#weight -= weightOfName(head.name);
  }
}

/** Of the records that the tables lack those on disk, from one revision to another; both are included. */
export function unindexedOf(
  { indexed, durable, unindexed }: StreamHead,
  first: number,
  last: number,
): readonly LogRecord[] {
  // A tombstone's revision is far from the one before.
  const onDisk = durable === TOMBSTONE_REVISION ? unindexed.length : durable - indexed;
  return unindexed.slice(Math.max(0, first - indexed - 1), Math.max(0, Math.min(onDisk, last - indexed)));
}

/** The record of that revision, on disk or on its way, where the tables lack it. */
export function unindexedAt({ indexed, unindexed }: StreamHead, revision: number): LogRecord | undefined {
  const record = unindexed.at(revision === TOMBSTONE_REVISION ? unindexed.length - 1 : revision - indexed - 1);
  return record?.revision === revision ? record : undefined;
}

/** Takes back what is not on disk. */
export function takeBack(head: StreamHead): void {
  if (head.staged === head.durable) return;
  head.unindexed.cut(head.durable - head.indexed);
  head.staged = head.durable;
  if (head.durable < 0) head.number = undefined;
}
