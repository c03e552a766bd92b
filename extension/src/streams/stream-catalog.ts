import { AccessDeniedError, StreamNotFoundError } from "../event-store/errors.ts";
import type { AllFilter, EventReader } from "../event-store/event-store.ts";
import { ListedNames } from "./listed-names.ts";
import { LoggedNames } from "./logged-names.ts";
import { type NameSource, PAGES_AT_ONCE, type Searched } from "./name-source.ts";
import { type Search, StreamListing } from "./stream-listing.ts";
import { inNaturalOrder } from "./natural-order.ts";
import { categoryOf, isSystemStream } from "./stream-name.ts";

/** The list that the system projection of the same name keeps. */
export const STREAMS = "$streams";
const NOT_OF_THE_SERVER: AllFilter = { on: "stream", regex: "^[^$]" };

/** More than that nobody looks through; a system that makes a category of each stream would fill the memory. */
const MOST_CATEGORIES = 50_000;
const MOST_WITHOUT = 10_000;

/** Where the catalog comes from: the server's list of streams, or its log where it keeps none. */
export type Origin = typeof STREAMS | "$all";

export interface Category {
  readonly name: string;
  /** How many streams were counted in it; undefined from the log, where a name comes again and again. */
  readonly streams: number | undefined;
}

interface InOrder {
  readonly categories: readonly string[];
  readonly withoutCategory: readonly string[];
}

/**
 * The streams of one server, by category. It reads only what it is asked for, remembers how far it has come, and goes on
 * there: also when it is asked anew for what has been added since.
 */
export class StreamCatalog {
  readonly #store: EventReader;
  readonly #categories = new Map<string, number>();
  readonly #withoutCategory = new Set<string>();
  #origin: Origin | undefined;
  #names: NameSource | undefined;
  #isComplete = false;
  /** Undefined once a name has come that does not stand there. */
  #inOrder: InOrder | undefined;

  constructor(store: EventReader) {
    this.#store = store;
  }

  /** Undefined until a search has found something: of an empty server nobody can say whether it keeps a list. */
  get origin(): Origin | undefined {
    return this.#origin;
  }

  /** The categories found so far in their natural order, with the streams counted in each up to now. */
  get categories(): readonly Category[] {
    const isCounted = this.#origin === STREAMS;
    return this.#ordered().categories.map((name) => ({
      name,
      streams: isCounted ? this.#categories.get(name) : undefined,
    }));
  }

  /** Streams found so far that belong to no category. */
  get withoutCategory(): readonly string[] {
    return this.#ordered().withoutCategory;
  }

  /** Nothing was found, and all was looked through. */
  get isEmpty(): boolean {
    return this.#isComplete && this.#categories.size + this.#withoutCategory.size === 0;
  }

  get searched(): Searched | undefined {
    return this.#names?.searched;
  }

  /** Whether all streams were seen that there were at the last search. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Whether there was more than is kept. */
  get isFull(): boolean {
    return this.#categories.size >= MOST_CATEGORIES || this.#withoutCategory.size >= MOST_WITHOUT;
  }

  /** Whether the server keeps a list by now, or no longer does, so that another catalog is wanted. */
  async hasMoved(signal: AbortSignal): Promise<boolean> {
    return this.#origin !== undefined && (await this.#originNow(signal)) !== this.#origin;
  }

  /** Goes on where the last search has ended, up to the end or for so many pages. */
  async search({ signal, onProgress }: Search, atMost = PAGES_AT_ONCE): Promise<void> {
    const source = (this.#names ??= await this.#find(signal));
    for (let pages = 0; pages < atMost; pages++) {
      const { names, isEnd } = await source.next(signal);
      names.forEach((name) => this.#add(name));
      this.#isComplete = isEnd;
      onProgress?.(source.searched);
      if (isEnd) break;
    }
    if (this.isEmpty) {
      // The list comes with the first stream: where nothing is, its absence says nothing.
      this.#names = undefined;
      this.#origin = undefined;
    }
  }

  /** The streams of a category, the newest first where the server lists them. */
  async ofCategory(category: string, count: number, search: Search): Promise<StreamListing> {
    const listed = new StreamListing(new ListedNames(this.#store, `$category-${category}`, "backwards"));
    try {
      await listed.more(count, search);
      if (listed.names.length > 0) return listed;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    const found = await this.#beginningWith(`${category}-`, search.signal);
    await found.more(count, search);
    return found;
  }

  /** Streams whose names begin so; "" for all but the server's own. */
  async beginningWith(prefix: string, count: number, search: Search): Promise<StreamListing> {
    const found = await this.#beginningWith(prefix, search.signal);
    await found.more(count, search);
    return found;
  }

  /** The server's own streams, but for the metadata of others. No list has them. */
  async system(count: number, search: Search): Promise<StreamListing> {
    const source = new LoggedNames(this.#store, { on: "stream", regex: "^\\$[^$]" });
    const found = new StreamListing(source, isSystemStream);
    await found.more(count, search);
    return found;
  }

  async #beginningWith(prefix: string, signal: AbortSignal): Promise<StreamListing> {
    const origin = await this.originOf(signal);
    const filter: AllFilter = prefix === "" ? NOT_OF_THE_SERVER : { on: "stream", prefixes: [prefix] };
    const source =
      origin === STREAMS ? new ListedNames(this.#store, STREAMS, "forwards") : new LoggedNames(this.#store, filter);
    return new StreamListing(
      source,
      prefix === "" ? (name) => !isSystemStream(name) : (name) => name.startsWith(prefix),
    );
  }

  /** Where names are from, also before anything was found. */
  async originOf(signal: AbortSignal): Promise<Origin> {
    return this.#origin ?? this.#originNow(signal);
  }

  #ordered(): InOrder {
    return (this.#inOrder ??= {
      categories: [...this.#categories.keys()].sort(inNaturalOrder),
      withoutCategory: [...this.#withoutCategory].sort(inNaturalOrder),
    });
  }

  async #find(signal: AbortSignal): Promise<NameSource> {
    this.#origin = await this.#originNow(signal);
    return this.#origin === STREAMS
      ? new ListedNames(this.#store, STREAMS, "forwards")
      : new LoggedNames(this.#store, NOT_OF_THE_SERVER);
  }

  /** A server that keeps the list has something in it: the streams of the projections themselves. */
  async #originNow(signal: AbortSignal): Promise<Origin> {
    try {
      const options = { from: "start", direction: "forwards", limit: 1, followsLinks: false, signal } as const;
      const { entries } = await this.#store.read({ stream: STREAMS }, options);
      return entries.length > 0 ? STREAMS : "$all";
    } catch (error) {
      if (isMissing(error)) return "$all";
      throw error;
    }
  }

  #add(name: string): void {
    if (isSystemStream(name)) return;
    const category = categoryOf(name);
    if (category === undefined) {
      if (this.#withoutCategory.has(name) || this.#withoutCategory.size >= MOST_WITHOUT) return;
      this.#withoutCategory.add(name);
      this.#inOrder = undefined;
      return;
    }
    const count = this.#categories.get(category);
    if (count === undefined && this.#categories.size >= MOST_CATEGORIES) return;
    this.#categories.set(category, (count ?? 0) + 1);
    if (count === undefined) this.#inOrder = undefined;
  }
}

/** The list is not there, or not for this user, who may see the log all the same. */
function isMissing(error: unknown): boolean {
  return error instanceof StreamNotFoundError || error instanceof AccessDeniedError;
}
