import { StreamDeletedError, StreamNotFoundError } from "../event-store/errors.ts";
import type { EventReader } from "../event-store/event-store.ts";
import { LoggedNames } from "./logged-names.ts";
import { ListedNames } from "./listed-names.ts";
import { inNaturalOrder } from "./natural-order.ts";
import { type NameSource, PAGES_AT_ONCE, type Searched } from "./name-source.ts";
import { STREAMS, type StreamCatalog } from "./stream-catalog.ts";
import type { Search } from "./stream-listing.ts";

/** What a search has found for a text, best first. */
export interface FoundStreams {
  /** Whether there is a stream of exactly this name; undefined as long as nobody has asked the server. */
  readonly isThere: boolean | undefined;
  readonly categories: readonly string[];
  readonly streams: readonly string[];
  /** How far the names of all streams were looked through; undefined before the first page. */
  readonly searched: Searched | undefined;
  readonly isComplete: boolean;
}

/** What people look through; who sees more than that types another letter. */
const MOST_CATEGORIES = 10;
const MOST_STREAMS = 100;
/** Names that are kept, so that another letter need not read them again: some tens of megabytes. */
const MOST_KEPT = 200_000;

/** Finds streams while somebody types: what was read for one text serves for the next. */
export class StreamSearch {
  readonly #store: EventReader;
  readonly #catalog: StreamCatalog;
  readonly #isThere = new Map<string, boolean>();
  /** Each name as it is compared, by the name: those that are known come first. */
  readonly #seen = new Map<string, string>();
  #source: NameSource | undefined;
  /** What the source is restricted to. */
  #prefix = "";
  #isEnd = false;

  /** @param known names that come first: favorites, and what was opened last */
  constructor(store: EventReader, catalog: StreamCatalog, known: readonly string[]) {
    this.#store = store;
    this.#catalog = catalog;
    for (const name of [...known, ...catalog.withoutCategory]) this.#see(name);
  }

  /** What is known for the text by now. */
  found(typed: string): FoundStreams {
    const wanted = typed.toLowerCase();
    const beginning: string[] = [];
    const holding: string[] = [];
    for (const [name, flat] of this.#seen) {
      if (name === typed) continue;
      if (flat.startsWith(wanted)) beginning.push(name);
      else if (holding.length < MOST_STREAMS && flat.includes(wanted)) holding.push(name);
      if (beginning.length >= MOST_STREAMS) break;
    }
    const categories = this.#catalog.categories.filter(({ name }) => `${name}-`.toLowerCase().startsWith(wanted));
    return {
      isThere: this.#isThere.get(typed),
      categories: categories.slice(0, MOST_CATEGORIES).map(({ name }) => name),
      streams: [...beginning.toSorted(inNaturalOrder), ...holding.toSorted(inNaturalOrder)].slice(0, MOST_STREAMS),
      searched: this.#isOf(typed) ? this.#source?.searched : undefined,
      isComplete: this.#isEnd && this.#isOf(typed),
    };
  }

  /** Asks the server whether there is a stream of exactly this name: one read. */
  async ask(typed: string, signal: AbortSignal): Promise<void> {
    if (!this.#isThere.has(typed)) this.#isThere.set(typed, await this.#exists(typed, signal));
  }

  /** Reads on where the last search has ended, until there is a page full of names for the text, or for a bounded while. */
  async search(typed: string, { signal, onProgress }: Search): Promise<void> {
    await this.#turnTo(typed, signal);
    for (let pages = 0; pages < PAGES_AT_ONCE && !this.#isEnd && this.#source !== undefined; pages++) {
      const { names, isEnd } = await this.#source.next(signal);
      signal.throwIfAborted();
      names.forEach((name) => this.#see(name));
      this.#isEnd = isEnd;
      onProgress?.(this.#source.searched);
      if (this.#count(typed) >= MOST_STREAMS) return;
    }
  }

  async #exists(stream: string, signal: AbortSignal): Promise<boolean> {
    try {
      const options = { from: "end", direction: "backwards", limit: 1, followsLinks: false, signal } as const;
      return (await this.#store.read({ stream }, options)).entries.length > 0;
    } catch (error) {
      if (error instanceof StreamNotFoundError) return false;
      // It says so itself when it is opened.
      if (error instanceof StreamDeletedError) return true;
      throw error;
    }
  }

  /** The list of all streams serves for each text; out of the log the server sends what begins so. */
  async #turnTo(typed: string, signal: AbortSignal): Promise<void> {
    if (this.#isOf(typed)) return;
    const isListed = !typed.startsWith("$") && (await this.#catalog.originOf(signal)) === STREAMS;
    this.#prefix = isListed ? "" : typed;
    this.#source = isListed
      ? new ListedNames(this.#store, STREAMS, "forwards")
      : new LoggedNames(this.#store, { on: "stream", regex: `^${inAnyCase(typed)}` });
    this.#isEnd = false;
  }

  #isOf(typed: string): boolean {
    if (this.#source === undefined) return false;
    const isOfServer = typed.startsWith("$");
    return this.#prefix === "" ? !isOfServer : typed.toLowerCase().startsWith(this.#prefix.toLowerCase());
  }

  #see(name: string): void {
    if (this.#seen.size < MOST_KEPT) this.#seen.set(name, name.toLowerCase());
  }

  #count(typed: string): number {
    const wanted = typed.toLowerCase();
    let count = 0;
    for (const flat of this.#seen.values()) if (flat.startsWith(wanted)) count++;
    return count;
  }
}

/** A regular expression of what begins with the text in any case, as both .NET and JavaScript read it. */
function inAnyCase(text: string): string {
  return [...text]
    .map((character) => {
      const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
      return lower !== upper && [...lower].length === 1 && [...upper].length === 1
        ? `[${lower}${upper}]`
        : character.replace(/[\\^$.|?*+()[\]{}/#\s-]/u, String.raw`\$&`);
    })
    .join("");
}
