import { Fifo } from "./fifo.ts";
import type { LogRecord } from "./record.ts";

const LAST = Number.POSITIVE_INFINITY;

/** The newest durable records, so that whoever follows the log live gets them without touching the disk. */
export class RecentRecords {
  readonly #records = new Map<number, LogRecord>();
  /** The same in the order of the log: a map passes all that was deleted to find its first. */
  readonly #order = new Fifo<LogRecord>();
  /** The same by stream, one revision after the other. */
  readonly #streams = new Map<string, Fifo<LogRecord>>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(position: number): LogRecord | undefined {
    // Whoever reads history asks for nothing else, and the oldest is sooner looked at than looked up.
    return position < (this.#order.peek()?.position ?? LAST) ? undefined : this.#records.get(position);
  }

  /** The records of a stream from one revision to another, both included; undefined where one of them is not at hand. */
  inStream(stream: string, first: number, last: number): readonly LogRecord[] | undefined {
    const own = this.#streams.get(stream);
    const from = first - (own?.peek()?.revision ?? LAST);
    if (own === undefined || from < 0) return undefined;
    const to = from + last - first;
    // A tombstone's revision is far from the one before.
    if (own.at(from)?.revision !== first || own.at(to)?.revision !== last) return undefined;
    return own.slice(from, to + 1);
  }

  add(record: LogRecord): void {
    this.#records.set(record.position, record);
    this.#order.push(record);
    const own = this.#streams.get(record.stream) ?? new Fifo<LogRecord>();
    if (own.length === 0) this.#streams.set(record.stream, own);
    own.push(record);
    this.#bytes += weightOf(record);
    while (this.#bytes > this.#maxBytes) this.#forgetOldest();
  }

  /** No longer answers for a stream as a whole: some of its records were taken away. */
  forgetStream(stream: string): void {
    this.#streams.delete(stream);
  }

  #forgetOldest(): void {
    const oldest = this.#order.shift();
    if (oldest === undefined) return;
    this.#records.delete(oldest.position);
    this.#bytes -= weightOf(oldest);
    const own = this.#streams.get(oldest.stream);
    if (own?.peek() !== oldest) return;
    own.shift();
    if (own.length === 0) this.#streams.delete(oldest.stream);
  }
}

/** Bytes a record takes in memory, roughly: its contents and about 400 for the objects around them. */
function weightOf(record: LogRecord): number {
  const { data, metadata, stream, type } = record;
  return data.length + metadata.length + stream.length + type.length + 400;
}
