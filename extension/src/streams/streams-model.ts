import type { Connection } from "../connections/connection.ts";
import type { Connections } from "../connections/connections.ts";
import { ServerStoppedError } from "../connections/connection-errors.ts";
import { presentError } from "../connections/error-presentation.ts";
import type { EventReader } from "../event-store/event-store.ts";
import { newEventAction } from "../drafts/new-event.ts";
import type { Searched } from "./name-source.ts";
import { type Origin, StreamCatalog } from "./stream-catalog.ts";
import type { StreamListing } from "./stream-listing.ts";
import type { StreamMarks } from "./stream-marks.ts";
import { ALL } from "./stream-name.ts";
import { StreamSearch } from "./stream-search.ts";
import { keyOf, type StreamGroup, type StreamNode } from "./stream-node.ts";

const CATEGORIES_AT_ONCE = 200;
const STREAMS_AT_ONCE = 100;
/** Pages of names after which those who look are told of the categories in them. */
const PAGES_TOLD = 10;

/** What is loaded of one server. Gone with its connection. */
interface Loaded {
  readonly connectionId: string;
  readonly store: EventReader;
  readonly catalog: StreamCatalog;
  readonly ending: AbortController;
  readonly listings: Map<string, Promise<StreamListing>>;
  /** How many are shown of what is kept whole, by the row they are under. */
  readonly shown: Map<string, number>;
  searching: Promise<void> | undefined;
  /** The first page of names. */
  begun: Promise<void> | undefined;
}

export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (searched: Searched) => void;
}

/** The rows of the Streams view for the current connection. What was loaded stays until the connection or the user says otherwise. */
export class StreamsModel {
  readonly #connections: Pick<Connections, "current" | "stateOf" | "find" | "open">;
  readonly #marks: StreamMarks;
  readonly #onFound: () => void;
  #loaded: Loaded | undefined;
  showsSystem = false;

  /** `onFound` is told when the first rows are no longer what {@link children} last answered. */
  constructor(
    connections: Pick<Connections, "current" | "stateOf" | "find" | "open">,
    marks: StreamMarks,
    onFound: () => void,
  ) {
    this.#connections = connections;
    this.#marks = marks;
    this.#onFound = onFound;
  }

  /** Where the streams are from; undefined as long as none are shown. */
  get origin(): Origin | undefined {
    return this.#loaded?.connectionId === this.#connections.current?.id ? this.#loaded?.catalog.origin : undefined;
  }

  /** The rows under one, or the first ones. What cannot be read is a row that says why, with rows that lead to a remedy. */
  async children(node?: StreamNode): Promise<readonly StreamNode[]> {
    try {
      return node === undefined ? await this.#roots() : await this.#under(node);
    } catch (error) {
      const { current } = this.#connections;
      return current === undefined ? [] : failure(error, current.id, this.#connections.find(current.id));
    }
  }

  /** Loads what a row `more` or `search-further` stands for. */
  async load(node: StreamNode, { signal, onProgress }: LoadOptions = {}): Promise<void> {
    if (node.kind !== "more" && node.kind !== "search-further") return;
    const loaded = await this.#load(node.connectionId);
    const either = signal === undefined ? loaded.ending.signal : AbortSignal.any([signal, loaded.ending.signal]);
    const search = { signal: either, ...(onProgress && { onProgress }) };
    const listing = await loaded.listings.get(keyOf(node.parent));
    if (listing !== undefined) await listing.more(STREAMS_AT_ONCE, search);
    else if (node.kind === "search-further") await this.#search(loaded, search);
    else {
      const key = keyOf(node.parent);
      const page = node.parent === undefined ? CATEGORIES_AT_ONCE : STREAMS_AT_ONCE;
      loaded.shown.set(key, (loaded.shown.get(key) ?? page) + page);
    }
  }

  /** Looks for what is new. What was found is not read again, pages of streams begin anew. */
  async refresh(): Promise<void> {
    const loaded = this.#loaded;
    if (loaded === undefined || this.#connections.stateOf(loaded.connectionId).kind !== "open") return this.forget();
    const { catalog, ending, listings } = loaded;
    if (await catalog.hasMoved(ending.signal)) return this.forget();
    listings.clear();
    if (catalog.isComplete) await this.#search(loaded, { signal: ending.signal });
  }

  /** Ends what still runs, and begins anew when it is next asked. */
  forget(): void {
    this.#loaded?.ending.abort();
    this.#loaded = undefined;
  }

  /** Forgets what is from a server that was lost: the one that answers there next may hold something else. */
  forgetLost(): void {
    const loaded = this.#loaded;
    if (loaded !== undefined && this.#connections.stateOf(loaded.connectionId).kind !== "open") this.forget();
  }

  /** A search among the streams of a connection, beginning with what is known of them. */
  async search(connectionId: string): Promise<StreamSearch> {
    const { store, catalog } = await this.#load(connectionId);
    const known = [...this.#marks.favorites(connectionId), ...this.#marks.recent(connectionId)];
    return new StreamSearch(store, catalog, known);
  }

  async #roots(): Promise<readonly StreamNode[]> {
    const { current } = this.#connections;
    if (current === undefined) return [];
    const connectionId = current.id;
    const state = this.#connections.stateOf(connectionId);
    if (state.kind === "failed") return failure(state.error, connectionId, current);
    if (current.isStopped === true) return failure(new ServerStoppedError(), connectionId, current);
    if (state.kind === "closed") return [{ kind: "connect", connectionId, name: current.name }];
    const loaded = await this.#load(connectionId);
    const { catalog } = loaded;
    await (loaded.begun ??= this.#begin(loaded));
    const group = (one: StreamGroup): StreamNode => ({ kind: "group", connectionId, group: one });
    const { categories, searched } = catalog;
    const shown = categories.slice(0, loaded.shown.get("") ?? CATEGORIES_AT_ONCE);
    return [
      { kind: "stream", connectionId, stream: ALL, under: "" },
      ...(this.#marks.favorites(connectionId).length > 0 ? [group("favorites")] : []),
      ...(this.#marks.recent(connectionId).length > 0 ? [group("recent")] : []),
      ...shown.map(({ name, streams }) => ({
        kind: "category" as const,
        connectionId,
        category: name,
        streams,
        isAtLeast: !catalog.isComplete,
      })),
      ...moreOf(undefined, connectionId, shown.length, categories.length),
      ...(catalog.withoutCategory.length > 0 ? [group("without-category")] : []),
      ...(catalog.isEmpty ? emptied(current) : []),
      ...(this.showsSystem ? [group("system")] : []),
      ...(catalog.isFull ? [{ kind: "too-many" as const, connectionId }] : []),
      ...(catalog.isComplete || searched === undefined
        ? []
        : [{ kind: "search-further" as const, connectionId, parent: undefined, searched }]),
    ];
  }

  async #under(node: StreamNode): Promise<readonly StreamNode[]> {
    if (node.kind !== "category" && node.kind !== "group") return [];
    const { connectionId } = node;
    if (node.kind === "group" && node.group === "favorites") {
      return streamsUnder(node, this.#marks.favorites(connectionId));
    }
    if (node.kind === "group" && node.group === "recent") return streamsUnder(node, this.#marks.recent(connectionId));
    const loaded = await this.#load(connectionId);
    if (node.kind === "group" && node.group === "without-category") {
      const all = loaded.catalog.withoutCategory;
      const shown = all.slice(0, loaded.shown.get(keyOf(node)) ?? STREAMS_AT_ONCE);
      return [...streamsUnder(node, shown), ...moreOf(node, connectionId, shown.length, all.length)];
    }
    return listed(node, await this.#listing(loaded, node));
  }

  #listing(loaded: Loaded, node: StreamNode): Promise<StreamListing> {
    const key = keyOf(node);
    const { catalog, ending, listings } = loaded;
    const search = { signal: ending.signal };
    const known = listings.get(key);
    if (known !== undefined) return known;
    const listing =
      node.kind === "category"
        ? catalog.ofCategory(node.category, STREAMS_AT_ONCE, search)
        : catalog.system(STREAMS_AT_ONCE, search);
    listings.set(key, listing);
    listing.catch(() => listings.delete(key));
    return listing;
  }

  async #load(connectionId: string): Promise<Loaded> {
    const store = await this.#connections.open(connectionId);
    const known = this.#loaded;
    if (known?.connectionId === connectionId && known.store === store) return known;
    this.forget();
    return (this.#loaded = {
      connectionId,
      store,
      catalog: new StreamCatalog(store),
      ending: new AbortController(),
      listings: new Map(),
      shown: new Map(),
      searching: undefined,
      begun: undefined,
    });
  }

  /** Reads the first page of names, which is shown at once; the categories on the next ones come to it as they are found. */
  async #begin(loaded: Loaded): Promise<void> {
    const { catalog, ending } = loaded;
    const { signal } = ending;
    try {
      await catalog.search({ signal }, 1);
    } catch (error) {
      loaded.begun = undefined;
      throw error;
    }
    if (!catalog.isComplete) this.#goOn(loaded, signal);
  }

  #goOn(loaded: Loaded, signal: AbortSignal): void {
    let pages = 0;
    const onProgress = (): void => {
      if (++pages % PAGES_TOLD === 0) this.#onFound();
    };
    this.#search(loaded, { signal, onProgress }).then(this.#onFound, () => {
      // What is shown stays, and so does the row that searches further, which says what is wrong.
    });
  }

  /** One search at a time: who comes while it runs waits for it. */
  #search(loaded: Loaded, search: Parameters<StreamCatalog["search"]>[0]): Promise<void> {
    return (loaded.searching ??= loaded.catalog.search(search).finally(() => (loaded.searching = undefined)));
  }
}

/** What is said of a server without streams, and what leads on. */
function emptied({ id: connectionId, policy }: Connection): readonly StreamNode[] {
  return [
    { kind: "empty", connectionId },
    ...(policy === "read-only"
      ? []
      : [{ kind: "remedy" as const, connectionId, action: newEventAction(connectionId) }]),
  ];
}

function listed(parent: StreamNode, listing: StreamListing): readonly StreamNode[] {
  const { names, searched, total, isComplete } = listing;
  const { connectionId } = parent;
  const rows = streamsUnder(parent, names);
  if (isComplete) return rows;
  return [
    ...rows,
    total === undefined
      ? { kind: "search-further", connectionId, parent, searched }
      : { kind: "more", connectionId, parent, shown: names.length, total },
  ];
}

const streamsUnder = (parent: StreamNode, names: readonly string[]): readonly StreamNode[] =>
  names.map((stream) => ({ kind: "stream", connectionId: parent.connectionId, stream, under: keyOf(parent) }));

function moreOf(
  parent: StreamNode | undefined,
  connectionId: string,
  shown: number,
  total: number,
): readonly StreamNode[] {
  return shown >= total ? [] : [{ kind: "more", connectionId, parent, shown, total }];
}

function failure(
  error: unknown,
  connectionId: string,
  connection: Parameters<typeof presentError>[1],
): readonly StreamNode[] {
  const { sentence, actions } = presentError(error, connection);
  return [
    { kind: "failed", connectionId, sentence },
    ...actions.map((action) => ({ kind: "remedy" as const, connectionId, action })),
  ];
}
