import {
  ServerUnreachableError,
  StreamNotFoundError,
  SubscriptionDroppedError,
} from "../../../src/event-store/errors.ts";
import type {
  EventStore,
  Page,
  Position,
  ReadOptions,
  RecordedEvent,
  Source,
  StreamEntry,
  SubscribeOptions,
  SubscriptionNote,
} from "../../../src/event-store/event-store.ts";

/** What a test says of an event; the rest is made up. */
export interface MadeEvent {
  readonly type?: string;
  readonly data?: unknown;
  readonly metadata?: unknown;
  readonly created?: number;
  readonly bytes?: Uint8Array;
  readonly isJson?: boolean;
}

export function recorded(stream: string, revision: number, made: MadeEvent = {}): RecordedEvent {
  const { type = "Happened", data = { revision }, metadata, created = revision * 1_000, isJson = true } = made;
  const encoder = new TextEncoder();
  return {
    id: `00000000-0000-4000-8000-${String(revision).padStart(12, "0")}`,
    stream,
    revision,
    position: { commit: revision * 100, prepare: revision * 100 },
    type,
    isJson,
    created,
    data: made.bytes ?? encoder.encode(typeof data === "string" ? data : JSON.stringify(data)),
    metadata: metadata === undefined ? new Uint8Array() : encoder.encode(JSON.stringify(metadata)),
  };
}

/** A server of one stream in memory, for what a real one does not do at will: go away, and be slow. */
export class MemoryStore implements EventStore {
  readonly entries: StreamEntry[] = [];
  /** What every call is answered with while it is set. */
  refusal: Error | undefined;
  /** Reads that fail before the next one is answered. */
  failures = 0;
  /** How many entries a subscription tells before it is dropped, as those of slow readers are. */
  dropsAfter = Infinity;
  readonly reads: ReadOptions[] = [];
  /** How many entries were taken from subscriptions. */
  taken = 0;
  /** Subscriptions that have begun and not ended. */
  subscriptions = 0;
  #wake = Promise.withResolvers<void>();

  constructor(count = 0, made: (index: number) => MadeEvent = () => ({})) {
    for (let index = 0; index < count; index++) this.add(made(index));
  }

  add(made: MadeEvent = {}): void {
    this.entries.push({ recorded: recorded("s", this.entries.length, made) });
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async read(source: Source, options: ReadOptions): Promise<Page> {
    this.reads.push(options);
    this.#mayFail();
    options.signal?.throwIfAborted();
    if (this.entries.length === 0 && "stream" in source) throw new StreamNotFoundError("no stream s");
    const { from, direction, limit } = options;
    const number = numberOf(source);
    const ordered = direction === "forwards" ? this.entries : this.entries.toReversed();
    const lying = ordered.filter((entry) => {
      if (typeof from === "string") return (from === "start") === (direction === "forwards");
      const point = typeof from === "object" ? Number(from.commit) : Number(from);
      return direction === "forwards" ? number(entry) >= point : number(entry) <= point;
    });
    return { entries: lying.slice(0, limit), isEnd: lying.length < limit };
  }

  async *subscribe(source: Source, options: SubscribeOptions): AsyncGenerator<SubscriptionNote> {
    this.#mayFail();
    this.subscriptions++;
    try {
      yield* this.#notes(source, options);
    } finally {
      this.subscriptions--;
    }
  }

  async *#notes(source: Source, { after, signal }: SubscribeOptions): AsyncGenerator<SubscriptionNote> {
    const number = numberOf(source);
    const point = typeof after === "object" ? Number(after.commit) : Number(after);
    let next =
      after === "end"
        ? this.entries.length
        : after === "start"
          ? 0
          : this.entries.findLastIndex((entry) => number(entry) <= point) + 1;
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => stopped.resolve());
    let isCaughtUp = false;
    let told = 0;
    while (!signal.aborted) {
      const entry = this.entries[next];
      if (entry !== undefined) {
        this.#mayFail();
        if (told++ >= this.dropsAfter) throw new SubscriptionDroppedError("consumer too slow");
        next++;
        this.taken++;
        yield { kind: "entry", entry };
      } else if (!isCaughtUp) {
        isCaughtUp = true;
        yield { kind: "caught-up" };
      } else {
        await Promise.race([this.#wake.promise, stopped.promise]);
        this.#mayFail();
      }
    }
  }

  /** Ends what waits for events, as a server does that goes away; as many calls fail as are said. */
  goAway(failures: number): void {
    this.failures = failures;
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  features(): never {
    throw new Error("not asked for here");
  }

  append(): never {
    throw new Error("not asked for here");
  }

  close(): void {}

  #mayFail(): void {
    if (this.refusal !== undefined) throw this.refusal;
    if (this.failures > 0) {
      this.failures--;
      throw new ServerUnreachableError("nothing answers");
    }
  }
}

function numberOf(source: Source): (entry: StreamEntry) => number {
  return ({ recorded: { revision, position } }) => Number("all" in source ? (position as Position).commit : revision);
}
