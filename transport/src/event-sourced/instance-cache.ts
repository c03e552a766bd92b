/** What a cache keeps. */
interface Weighted {
  /** About the bytes it takes. */
  readonly weight: number;
}

/** Keeps what was used last, as much as there is room for. */
export class InstanceCache<Entry extends Weighted> {
  readonly #room: number;
  readonly #entries = new Map<string, { readonly entry: Entry; readonly weight: number }>();
  #weight = 0;

  /** @param room bytes that all entries may take together; the one used last is kept in any case. */
  constructor(room: number) {
    this.#room = room;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key)?.entry;
  }

  /** Keeps an entry as the one used last, with what it weighs now. */
  set(key: string, entry: Entry): void {
    this.delete(key);
    const { weight } = entry;
    this.#entries.set(key, { entry, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#room || oldest === key) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}
