import { BACKWARDS, END, StreamNotFoundError } from "@eventstore/db-client";
import type { Connection } from "../connection/connection.ts";
import { intermediateStream } from "../topology/stream-names.ts";

/** Events looked at, at most, each time: more than a server hands out again after a crash with this package's settings. */
const WINDOW = 4_000;
/** The first page is small: mostly little has come since the last time. */
const FIRST_PAGE = 50;
const PAGE = 500;

/**
 * Says which messages the instances of a component have handled, from the component's own outbox: each event there names the
 * message it was sent for in `$causationId`, and it got there in one append with all else that was sent for it. So what survives
 * a crash is exactly what must not be done again.
 */
export class OutboxTail {
  readonly #connection: Connection;
  readonly #stream: string;
  /** Revision up to which all is known. */
  #known = -1n;

  constructor(connection: Connection, component: string) {
    this.#connection = connection;
    this.#stream = intermediateStream(component);
  }

  /** Ids of the messages whose outgoing messages were stored since the last call; the first call looks {@link WINDOW} events back. */
  async handledSince(): Promise<readonly string[]> {
    const handled: string[] = [];
    let from: bigint | typeof END = END;
    let last = this.#known;
    for (let looked = 0; looked < WINDOW;) {
      const page = await this.#page(from, looked === 0 ? FIRST_PAGE : PAGE);
      looked += page.length;
      last = page[0] !== undefined && page[0].revision > last ? page[0].revision : last;
      for (const { revision, causationId } of page) {
        if (revision > this.#known && causationId !== undefined) handled.push(causationId);
      }
      const oldest = page.at(-1)?.revision;
      if (oldest === undefined || oldest <= this.#known + 1n || oldest === 0n) break;
      from = oldest - 1n;
    }
    this.#known = last;
    return handled.toReversed();
  }

  async #page(fromRevision: bigint | typeof END, maxCount: number): Promise<readonly Entry[]> {
    return this.#connection.call(async () => {
      const page: Entry[] = [];
      try {
        const events = this.#connection.client.readStream(this.#stream, {
          direction: BACKWARDS,
          fromRevision,
          maxCount,
        });
        for await (const { event } of events) {
          if (event !== undefined) page.push({ revision: event.revision, causationId: causationOf(event.metadata) });
        }
      } catch (error) {
        if (!(error instanceof StreamNotFoundError)) throw error;
      }
      return page;
    });
  }
}

interface Entry {
  readonly revision: bigint;
  readonly causationId: string | undefined;
}

function causationOf(metadata: unknown): string | undefined {
  if (typeof metadata !== "object" || metadata === null || !("$causationId" in metadata)) return undefined;
  return typeof metadata.$causationId === "string" ? metadata.$causationId : undefined;
}
