import type { Store } from "../store/store.ts";

/** Ids remembered at most; the oldest are forgotten first. */
const CAPACITY = 10_000;
/** Events looked at where it is not known since when the append can be there. */
const WINDOW = 4_000;
/** The first page is small: mostly little has come since. */
const FIRST_PAGE = 50;
const PAGE = 500;

/**
 * The messages of which this process does not know whether they are stored, since the answer to their append was lost. A server
 * recognizes a repeat at any revision by its leader's memory only, so after a change of the leader a repeat would be stored twice
 * (cluster.md). Before one is repeated, the stream's end is looked at.
 */
export class Uncertain {
  readonly #store: Pick<Store, "read">;
  /** By the id: the revision of the stream behind which the message is, if it is there; undefined where that is not known. */
  readonly #doubts = new Map<string, bigint | undefined>();

  constructor(store: Pick<Store, "read">) {
    this.#store = store;
  }

  has(id: string): boolean {
    return this.#doubts.size > 0 && this.#doubts.has(id);
  }

  /** @param behind revision of the stream behind which they are, if they are there; undefined where that is not known. */
  add(ids: readonly string[], behind: bigint | undefined): void {
    for (const id of ids) {
      // Of several appends without an answer the first may be the one that is stored.
      if (!this.#doubts.has(id)) this.#doubts.set(id, behind);
      const [oldest] = this.#doubts.keys();
      if (this.#doubts.size > CAPACITY && oldest !== undefined) this.#doubts.delete(oldest);
    }
  }

  /** It is known now what became of them. */
  forget(ids: readonly string[]): void {
    if (this.#doubts.size > 0) for (const id of ids) this.#doubts.delete(id);
  }

  /** Those of these messages that are at the end of the stream, by one look for all. @throws ServerUnreachable, AccessRefused */
  async stored(stream: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const sought = new Set(ids);
    const found = new Set<string>();
    const behind = this.#behind(ids);
    let from: bigint | "end" = "end";
    const most = behind === undefined ? WINDOW : Infinity;
    for (let looked = 0; found.size < sought.size && looked < most;) {
      const page = await this.#store.read(stream, {
        direction: "backwards",
        from,
        limit: looked === 0 ? FIRST_PAGE : PAGE,
      });
      looked += page.length;
      for (const { event } of page) if (event !== undefined && sought.has(event.id)) found.add(event.id);
      const oldest = page.at(-1)?.event?.revision;
      if (oldest === undefined || oldest === 0n || oldest - 1n <= (behind ?? -1n)) break;
      from = oldest - 1n;
    }
    return found;
  }

  /** The revision behind which all of them must be; undefined where that of one is not known. */
  #behind(ids: readonly string[]): bigint | undefined {
    let least: bigint | undefined;
    for (const id of ids) {
      const behind = this.#doubts.get(id);
      if (behind === undefined) return undefined;
      if (least === undefined || behind < least) least = behind;
    }
    return least;
  }
}
