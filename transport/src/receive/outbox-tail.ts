import { HEADER } from "../messages/header-names.ts";
import { metadataOf, type StoredEvent } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { intermediateStream } from "../topology/stream-names.ts";

/** Messages looked at, at most, each time: what instances had stored and not yet noted when they died is far less. */
const WINDOW = 2_000;
/** The first page is small: mostly little has come since the last time. */
const FIRST_PAGE = 50;
const PAGE = 500;
/** Milliseconds by which the clocks of a server's nodes may differ. */
const CLOCKS = 60_000;

/** What is known already of a stream, from its end downwards. */
interface Known {
  /** Up to this revision all is known, */
  readonly to: bigint;
  /** and down to this one, */
  from: bigint;
  /** which was stored at this moment. */
  fromTime: number;
}

/**
 * Says which messages the instances of a component have handled, from the component's own outbox: each event there names the
 * message it was sent for in `$causationId`, and it got there in one append with all else that was sent for it. So what survives
 * a crash is exactly what must not be done again.
 */
export class OutboxTail {
  readonly #store: Pick<Store, "read">;
  readonly #stream: string;
  #known: Known | undefined;

  constructor(store: Pick<Store, "read">, component: string) {
    this.#store = store;
    this.#stream = intermediateStream(component);
  }

  /**
   * Ids of messages whose outgoing messages were stored and that were not told of before, the oldest first: {@link WINDOW} messages at
   * most, however many each of them has sent.
   * @param since what was stored before that moment, by the server's clock, is of no interest.
   */
  async handledSince(since: Date | undefined): Promise<readonly string[]> {
    const sinceTime = (since?.getTime() ?? 0) - CLOCKS;
    const before = this.#known;
    const newest = await this.#readDown("end", before?.to ?? -1n, before === undefined ? sinceTime : 0);
    const to = newest.to ?? before?.to ?? -1n;
    if (before === undefined || !newest.isWhole) {
      this.#known = { to, from: newest.from ?? 0n, fromTime: newest.fromTime };
      return newest.handled.toReversed();
    }
    this.#known = { ...before, to };
    if (before.from === 0n || before.fromTime < sinceTime) return newest.handled.toReversed();
    const older = await this.#readDown(before.from - 1n, -1n, sinceTime);
    this.#known.from = older.from ?? 0n;
    this.#known.fromTime = older.fromTime;
    return [...newest.handled, ...older.handled].toReversed();
  }

  /** Reads from a place downwards, until `downTo` (not included), what was stored before `since`, or enough messages. */
  async #readDown(start: bigint | "end", downTo: bigint, since: number): Promise<Reading> {
    const handled = new Set<string>();
    let from: bigint | undefined;
    let to: bigint | undefined;
    let fromTime = 0;
    let next: bigint | "end" = start;
    for (let size = FIRST_PAGE; ; size = PAGE) {
      const page = await this.#store.read(this.#stream, { direction: "backwards", from: next, limit: size });
      for (const { event } of page) {
        if (event === undefined || event.revision <= downTo) continue;
        to ??= event.revision;
        from = event.revision;
        fromTime = event.created.getTime();
        const causationId = causationOf(event);
        if (causationId !== undefined) handled.add(causationId);
      }
      const oldest = page.at(-1)?.event?.revision;
      if (page.length < size || oldest === undefined || oldest <= downTo + 1n || oldest === 0n) {
        return { handled: [...handled], from: downTo === -1n ? 0n : from, to, fromTime: 0, isWhole: true };
      }
      if (fromTime < since || handled.size >= WINDOW) {
        return { handled: [...handled], from, to, fromTime, isWhole: false };
      }
      next = oldest - 1n;
    }
  }
}

interface Reading {
  /** The newest first. */
  readonly handled: readonly string[];
  readonly from: bigint | undefined;
  readonly to: bigint | undefined;
  readonly fromTime: number;
  /** All that was to be read is read. */
  readonly isWhole: boolean;
}

function causationOf(event: StoredEvent): string | undefined {
  const said: unknown = metadataOf(event)[HEADER.causationId];
  return typeof said === "string" ? said : undefined;
}
