import type { EventReader, Integer64, RecordedEvent } from "../event-store/event-store.ts";
import type { NamePage, NameSource, Searched } from "./name-source.ts";

/** Names read at once: they are short, and a round to the server is worth it. */
const PAGE = 500;

/** Names out of a list that the server keeps: `$streams`, or `$category-<name>`. The newest first where it is read backwards. */
export class ListedNames implements NameSource {
  readonly #store: EventReader;
  readonly #list: string;
  readonly #direction: "forwards" | "backwards";
  #next: Integer64 | "start" | "end";
  #done = 0;
  /** One behind the newest, and the oldest that is not truncated. */
  #end = 0;
  #first: number | undefined;

  constructor(store: EventReader, list: string, direction: "forwards" | "backwards") {
    this.#store = store;
    this.#list = list;
    this.#direction = direction;
    this.#next = direction === "forwards" ? "start" : "end";
  }

  get searched(): Searched {
    return { unit: "streams", done: this.#done, of: Math.max(this.#end - (this.#first ?? 0), this.#done) };
  }

  /** @throws StreamNotFoundError where the server keeps no such list. */
  async next(signal: AbortSignal): Promise<NamePage> {
    if (this.#next === -1) return { names: [], isEnd: true };
    const source = { stream: this.#list };
    const options = { limit: PAGE, followsLinks: false, signal } as const;
    // Told again only once it is passed: a page would take two rounds to the server instead of one.
    if (this.#direction === "forwards" && this.#done >= this.#end - (this.#first ?? 0)) {
      const newest = await this.#store.read(source, { ...options, from: "end", direction: "backwards", limit: 1 });
      this.#end = Number(newest.entries[0]?.recorded.revision ?? -1) + 1;
    }
    const { entries, isEnd } = await this.#store.read(source, {
      ...options,
      from: this.#next,
      direction: this.#direction,
    });
    const last = entries.at(-1)?.recorded.revision;
    if (last !== undefined) {
      const first = Number(entries[0]?.recorded.revision);
      if (this.#direction === "forwards") this.#first ??= first;
      this.#end = Math.max(this.#end, first + 1);
      this.#next = Number(last) + (this.#direction === "forwards" ? 1 : -1);
    }
    this.#done += entries.length;
    return { names: entries.map(({ recorded }) => listedName(recorded)), isEnd: isEnd || this.#next === -1 };
  }
}

const decoder = new TextDecoder();

/** `$streams` holds links to the first event of each stream, `$category-…` their names (spec 3.12). */
function listedName({ type, data }: RecordedEvent): string {
  const text = decoder.decode(data);
  return type === "$>" ? text.slice(text.indexOf("@") + 1) : text;
}
