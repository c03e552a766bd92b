const SMALLEST = 16;

/**
 * A set of ids in four to sixteen bytes each. It keeps a hash of each, so it may take one id for another, once in some hundred
 * thousand at 20 000 ids: that an id is not in it is certain, that it is has to be verified.
 */
export class IdSet {
  /** A hash table with open addressing; 0 stands for an empty place. */
  #table = new Int32Array(SMALLEST);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(id: string): void {
    this.#addHash(hashOf(id));
  }

  mayHold(id: string): boolean {
    const hash = hashOf(id);
    return this.#table[this.#placeOf(hash)] === hash;
  }

  /** Its content, for {@link IdSet.from}. */
  toBytes(): Uint8Array {
    return Buffer.from(this.#table.filter((hash) => hash !== 0).buffer);
  }

  /** @throws RangeError for bytes that {@link IdSet.toBytes} has not made. */
  static from(bytes: Uint8Array): IdSet {
    const set = new IdSet();
    // A copy, since hashes lie at multiples of four in a buffer of their own.
    for (const hash of new Int32Array(Uint8Array.from(bytes).buffer)) set.#addHash(hash);
    return set;
  }

  #addHash(hash: number): void {
    if (2 * (this.#size + 1) > this.#table.length) this.#grow();
    const place = this.#placeOf(hash);
    if (this.#table[place] === 0) this.#size += 1;
    this.#table[place] = hash;
  }

  /** Where a hash is, or would be. */
  #placeOf(hash: number): number {
    const last = this.#table.length - 1;
    let place = hash & last;
    while (this.#table[place] !== 0 && this.#table[place] !== hash) place = (place + 1) & last;
    return place;
  }

  #grow(): void {
    const before = this.#table;
    this.#table = new Int32Array(2 * before.length);
    for (const hash of before) if (hash !== 0) this.#table[this.#placeOf(hash)] = hash;
  }
}

/** FNV-1a; never 0. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  // The low bits choose the place, and those of FNV-1a are its weakest.
  return hash ^ (hash >>> 15) || 1;
}
