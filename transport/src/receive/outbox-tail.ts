import { HEADER } from "../messages/header-names.ts";
import { metadataOf } from "../store/event.ts";
import type { Store } from "../store/store.ts";
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
  readonly #store: Pick<Store, "read">;
  readonly #stream: string;
  /** Revision up to which all is known. */
  #known = -1n;

  constructor(store: Pick<Store, "read">, component: string) {
    this.#store = store;
    this.#stream = intermediateStream(component);
  }

  /** Ids of the messages whose outgoing messages were stored since the last call; the first call looks {@link WINDOW} events back. */
  async handledSince(): Promise<readonly string[]> {
    const handled: string[] = [];
    let from: bigint | "end" = "end";
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

  async #page(from: bigint | "end", limit: number): Promise<readonly Entry[]> {
    const page = await this.#store.read(this.#stream, { direction: "backwards", from, limit });
    return page.flatMap(({ event }) =>
      event === undefined ? [] : [{ revision: event.revision, causationId: causationOf(metadataOf(event)) }],
    );
  }
}

interface Entry {
  readonly revision: bigint;
  readonly causationId: string | undefined;
}

function causationOf(metadata: unknown): string | undefined {
  const said: unknown = Object(metadata)[HEADER.causationId];
  return typeof said === "string" ? said : undefined;
}
