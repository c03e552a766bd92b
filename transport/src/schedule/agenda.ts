import { beginOf, minuteOf } from "../topology/minute.ts";
import type { Entry, LaterRead } from "./entry.ts";
import { Heap } from "./heap.ts";

/** How far a component is with its deferred messages: all that is needed to go on after a crash. */
export interface Progress {
  /** All that was heard of for this minute and those before is linked. Minutes since 1970. */
  readonly finished: number;
  /** Last minute that anything is known to be in. */
  readonly latest: number;
  /** Revision in the stream of arrivals up to which all was heard. */
  readonly heard: bigint;
  /** Whose streams there may be beside those of clients. */
  readonly sources: ReadonlySet<string>;
}

/** Milliseconds before its beginning that a minute is read, so that what is due at once is there. */
const LEAD = 2_000;
/** Milliseconds after its end that a minute is closed: what arrives until then is not looked up as something late. */
const GRACE = 3_000;

/**
 * What is due when. It holds the messages of the minutes at hand only, and of earlier ones what has arrived late; of all that
 * waits for later it knows nothing but the last minute of it. No clock and no store: it is told what was heard and read, and asked
 * what to do.
 */
export class Agenda {
  readonly #waiting = new Map<string, Entry>();
  /** The same, by when they are due; what no longer waits is passed over. */
  readonly #next = new Heap<Entry>((a, b) => a.due - b.due);
  #due: readonly Entry[] = [];
  readonly #cancelled = new Map<string, number>();
  readonly #sources: Set<string>;
  #finished: number;
  /** Last minute that was read. */
  #opened: number;
  #latest: number;
  #heard: bigint;

  constructor({ finished, latest, heard, sources }: Progress) {
    this.#finished = finished;
    this.#opened = finished;
    this.#latest = latest;
    this.#heard = heard;
    this.#sources = new Set(sources);
  }

  get progress(): Progress {
    return { finished: this.#finished, latest: this.#latest, heard: this.#heard, sources: this.#sources };
  }

  /** What was heard is not all done yet: something waits that arrived after its minute was finished. */
  get hasLate(): boolean {
    const first = this.#first();
    return first !== undefined && this.isLate(first);
  }

  /** An arrival: something in the stream of a minute. */
  hear(revision: bigint, minute: number, source: string, read: LaterRead | undefined): void {
    if (revision > this.#heard) this.#heard = revision;
    this.#latest = Math.max(this.#latest, minute);
    this.#sources.add(source);
    if (minute <= this.#opened) this.add(read);
  }

  /** Opens the next minute whose time is near: what arrives for it is kept from now on, and what is in it must be read. */
  openNext(now: number): number | undefined {
    const next = this.#opened + 1;
    if (next > this.#latest || next > minuteOf(now + LEAD)) return undefined;
    this.#opened = next;
    return next;
  }

  /** What was read in an open minute; twice the same does no harm. */
  add(read: LaterRead | undefined): void {
    if (read?.kind === "cancellation") {
      this.#waiting.delete(read.id);
      if (read.minute > this.#finished) this.#cancelled.set(read.id, read.minute);
    } else if (read !== undefined && !this.#cancelled.has(read.id) && !this.#waiting.has(read.id)) {
      this.#waiting.set(read.id, read);
      this.#next.push(read);
    }
  }

  /** What is due, the earliest first. */
  due(now: number): readonly Entry[] {
    const due = this.#due.filter((entry) => this.#waits(entry));
    for (let first = this.#peek(); first !== undefined && first.due <= now; first = this.#peek()) {
      due.push(first);
      this.#next.pop();
    }
    this.#due = due.toSorted((a, b) => a.due - b.due);
    return this.#due;
  }

  /** It arrived after its minute was finished. */
  isLate({ minute }: Entry): boolean {
    return minute <= this.#finished;
  }

  /** It is linked. */
  done({ id }: Entry): void {
    this.#waiting.delete(id);
  }

  /** Finishes the minutes that are over and of which all is linked. */
  close(now: number): void {
    // Where nothing waits for later, minutes go by without being read.
    const reached = this.#opened >= this.#latest ? Infinity : this.#opened;
    const unlinked = this.#first()?.minute ?? Infinity;
    const finished = Math.min(minuteOf(now - GRACE) - 1, reached, unlinked - 1);
    if (finished <= this.#finished) return;
    this.#finished = finished;
    this.#opened = Math.max(this.#opened, finished);
    for (const [id, minute] of this.#cancelled) if (minute <= finished) this.#cancelled.delete(id);
  }

  /** When there is something to do next, in milliseconds since 1970; undefined where nothing waits. */
  nextWake(): number | undefined {
    const moments = [
      this.#first()?.due,
      this.#latest > this.#opened ? beginOf(this.#opened + 1) - LEAD : undefined,
      this.#opened > this.#finished ? beginOf(this.#finished + 2) + GRACE : undefined,
    ].filter((moment) => moment !== undefined);
    return moments.length === 0 ? undefined : Math.min(...moments);
  }

  #first(): Entry | undefined {
    return this.#due.find((entry) => this.#waits(entry)) ?? this.#peek();
  }

  #peek(): Entry | undefined {
    for (let first = this.#next.peek(); first !== undefined; first = this.#next.peek()) {
      if (this.#waits(first)) return first;
      this.#next.pop();
    }
    return undefined;
  }

  #waits(entry: Entry): boolean {
    return this.#waiting.get(entry.id) === entry;
  }
}
