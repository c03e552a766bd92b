import { type NameSource, PAGES_AT_ONCE, type Searched } from "./name-source.ts";

export interface Search {
  readonly signal: AbortSignal;
  readonly onProgress?: (searched: Searched) => void;
}

/** Streams that are shown a page at a time: those that are loaded, and where to go on. Never holds more than was asked for. */
export class StreamListing {
  readonly #source: NameSource;
  readonly #isWanted: (name: string) => boolean;
  readonly #isAllWanted: boolean;
  readonly #names = new Set<string>();
  /** Read with a page already, and left for the next one. */
  #waiting: readonly string[] = [];
  #isEnd = false;

  /** Without a condition all names of the source are wanted. */
  constructor(source: NameSource, isWanted?: (name: string) => boolean) {
    this.#source = source;
    this.#isWanted = isWanted ?? (() => true);
    this.#isAllWanted = isWanted === undefined;
  }

  get names(): readonly string[] {
    return [...this.#names];
  }

  get searched(): Searched {
    return this.#source.searched;
  }

  /** How many there are; undefined where that takes a search to know. */
  get total(): number | undefined {
    const { searched } = this.#source;
    return this.#isAllWanted && searched.unit === "streams" ? searched.of : undefined;
  }

  /** All there is has been loaded. */
  get isComplete(): boolean {
    return this.#isEnd && this.#waiting.length === 0;
  }

  /** Loads up to `count` more. Fewer come at the end, and where they are so rare that a long search finds no more. */
  async more(count: number, { signal, onProgress }: Search): Promise<void> {
    const enough = this.#names.size + count;
    for (let pages = 0; ; pages++) {
      this.#take(enough);
      if (this.#names.size >= enough || this.#isEnd || pages === PAGES_AT_ONCE) return;
      const { names, isEnd } = await this.#source.next(signal);
      this.#waiting = names;
      this.#isEnd = isEnd;
      onProgress?.(this.searched);
    }
  }

  #take(enough: number): void {
    let taken = 0;
    for (const name of this.#waiting) {
      if (this.#names.size >= enough) break;
      taken++;
      if (this.#isWanted(name)) this.#names.add(name);
    }
    this.#waiting = this.#waiting.slice(taken);
  }
}
