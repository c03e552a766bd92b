import type { EventEmitter, Memento } from "vscode";

const FAVORITES = "sluice.favoriteStreams";
/** Where an older version has kept them; what it left there is theirs who have not marked anything since. */
const FAVORITES_BEFORE = "sluice.favouriteStreams";
const RECENT = "sluice.recentStreams";
const MOST_RECENT = 20;

type Marked = Readonly<Record<string, readonly string[]>>;

/** The streams of each connection that a user has marked, and those that were opened last. */
export class StreamMarks {
  readonly #memento: Memento;
  readonly #changes: EventEmitter<string>;

  constructor(memento: Memento, changes: EventEmitter<string>) {
    this.#memento = memento;
    this.#changes = changes;
  }

  favorites(connectionId: string): readonly string[] {
    return this.#marked(FAVORITES)[connectionId] ?? this.#marked(FAVORITES_BEFORE)[connectionId] ?? [];
  }

  /** The last one first. */
  recent(connectionId: string): readonly string[] {
    return this.#marked(RECENT)[connectionId] ?? [];
  }

  async addFavorite(connectionId: string, stream: string): Promise<void> {
    const others = this.favorites(connectionId).filter((one) => one !== stream);
    await this.#keep(FAVORITES, connectionId, [...others, stream]);
  }

  async removeFavorite(connectionId: string, stream: string): Promise<void> {
    const others = this.favorites(connectionId).filter((one) => one !== stream);
    await this.#keep(FAVORITES, connectionId, others);
  }

  async opened(connectionId: string, stream: string): Promise<void> {
    const others = this.recent(connectionId).filter((one) => one !== stream);
    await this.#keep(RECENT, connectionId, [stream, ...others].slice(0, MOST_RECENT));
  }

  #marked(key: string): Marked {
    return this.#memento.get<Marked>(key, {});
  }

  async #keep(key: string, connectionId: string, streams: readonly string[]): Promise<void> {
    await this.#memento.update(key, { ...this.#marked(key), [connectionId]: streams });
    this.#changes.fire(connectionId);
  }
}
