import { Fifo } from "./fifo.ts";
import type { LogRecord } from "./record.ts";

const LAST = Number.POSITIVE_INFINITY;

/** The newest durable records, so that whoever follows the log live gets them without touching the disk. */
export class RecentRecords {
  readonly #records = new Map<number, LogRecord>();
  /** The same in the order of the log: a map passes all that was deleted to find its first. */
  readonly #order = new Fifo<LogRecord>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(position: number): LogRecord | undefined {
    // Whoever reads history asks for nothing else, and the oldest is sooner looked at than looked up.
    return position < (this.#order.peek()?.position ?? LAST) ? undefined : this.#records.get(position);
  }

  add(record: LogRecord): void {
    this.#records.set(record.position, record);
    this.#order.push(record);
    this.#bytes += weightOf(record);
    while (this.#bytes > this.#maxBytes) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#order.shift();
    if (oldest === undefined) return;
    this.#records.delete(oldest.position);
    this.#bytes -= weightOf(oldest);
  }
}

/** Bytes a record takes in memory, roughly: its contents and about 300 for the objects around them. */
function weightOf(record: LogRecord): number {
  const { data, metadata, stream, type } = record;
  return data.length + metadata.length + stream.length + type.length + 300;
}
