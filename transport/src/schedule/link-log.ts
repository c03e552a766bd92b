import { deriveId } from "../messages/ids.ts";
import { Inbox } from "../receive/inbox.ts";
import { metadataOf, type NewEvent, type StoredEvent } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { WrongRevision } from "../store/wrong-revision.ts";
import type { Entry } from "./entry.ts";

const PAGE = 500;
/** Milliseconds by which the clocks of a cluster's servers may differ. */
const SERVER_SKEW = 10_000;
/** What a link says of its minute. A number: a text with quotes in it would lose the link (topology, laws). */
const MINUTE = "sluice.minute";

/**
 * The stream that instances link what is due into, each at the revision where it believes the stream to be, so that of several who
 * would link the same one does. It is the only truth about what was linked.
 */
export class LinkLog {
  readonly #store: Pick<Store, "append" | "read" | "pages">;
  readonly #stream: string;
  /** Links of minutes that are not finished, by id. */
  readonly #open = new Map<string, { readonly revision: bigint; readonly minute: number }>();
  /** Links of finished minutes. */
  readonly #remembered: Inbox;
  #last = -1n;

  constructor(store: Pick<Store, "append" | "read" | "pages">, stream: string, remembered: number) {
    this.#remembered = new Inbox(remembered);
    this.#store = store;
    this.#stream = stream;
  }

  /** Reads what others have linked: behind `after` the first time, then what has come since. */
  async refresh(after: bigint = this.#last): Promise<void> {
    this.#last = after;
    for await (const page of this.#store.pages(this.#stream, { from: after + 1n, size: PAGE })) {
      for (const { event } of page) if (event !== undefined) this.#note(event);
    }
  }

  /** The same event, or one with the same id, is linked, as far as was read. */
  has(entry: Entry): boolean {
    const id = this.#idOf(entry);
    return this.#open.has(id) || this.#remembered.has(id);
  }

  /**
   * Links all, or none.
   * @returns false where another was quicker; what it has linked is known now.
   */
  async append(entries: readonly Entry[]): Promise<boolean> {
    const links = entries.map((entry) => this.#linkTo(entry));
    try {
      const expected = this.#last < 0n ? "no stream" : this.#last;
      await this.#store.append(this.#stream, links, { expected });
      // Counted here, and not as answered: where it was recognized as a repeat, others may have linked more behind it.
      for (const [index, { minute }] of entries.entries()) {
        this.#last += 1n;
        this.#open.set(links[index]?.id ?? "", { revision: this.#last, minute });
      }
      return true;
    } catch (error) {
      if (!(error instanceof WrongRevision)) throw error;
      // Where the stream was deleted, or read before its beginning, reading tells nothing new: then it is where the server says.
      await this.refresh();
      if (error.actual !== undefined && error.actual > this.#last) this.#last = error.actual;
      return false;
    }
  }

  /** Which of these are linked, read back to the oldest of them: a link comes after what it leads to. */
  async findLinked(entries: readonly Entry[]): Promise<ReadonlySet<Entry>> {
    const wanted = new Map(entries.map((entry) => [this.#idOf(entry), entry]));
    const since = Math.min(...entries.map(({ stored }) => stored)) - SERVER_SKEW;
    const found = new Set<Entry>();
    for (let from: bigint | "end" = this.#last; from >= 0n;) {
      const page = await this.#store.read(this.#stream, { direction: "backwards", from, limit: PAGE });
      for (const { event } of page) {
        const entry = event === undefined ? undefined : wanted.get(event.id);
        if (entry !== undefined) found.add(entry);
      }
      const oldest = page.at(-1)?.event;
      if (oldest === undefined || oldest.created.getTime() < since) break;
      from = oldest.revision - 1n;
    }
    return found;
  }

  /** Finishes minutes: their links need no longer be known one by one. */
  finish(minute: number): void {
    for (const [id, link] of this.#open) {
      if (link.minute > minute) continue;
      this.#open.delete(id);
      this.#remembered.add(id);
    }
  }

  /** Revision behind which all links of minutes that are not finished are. */
  get finishedUpTo(): bigint {
    let first = this.#last + 1n;
    for (const { revision } of this.#open.values()) if (revision < first) first = revision;
    return first - 1n;
  }

  #note(event: StoredEvent): void {
    this.#last = event.revision;
    const minute: unknown = metadataOf(event)[MINUTE];
    if (typeof minute === "number") this.#open.set(event.id, { revision: event.revision, minute });
  }

  #idOf({ id }: Entry): string {
    return deriveId(id, this.#stream);
  }

  #linkTo(entry: Entry): NewEvent {
    return {
      id: this.#idOf(entry),
      type: "$>",
      isJson: false,
      data: Buffer.from(entry.place),
      metadata: Buffer.from(JSON.stringify({ [MINUTE]: entry.minute })),
    };
  }
}
