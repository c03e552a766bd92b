const HEADER_BYTES = 8;
const IMPORT_SECTION = 2;
const FUNCTION = 0;
const MEMORY = 2;
/** Flags of a memory's limits. */
const HAS_MAXIMUM = 1;
const IS_SHARED = 2;

/**
 * The same WebAssembly module, but the memory that it imports may be seen by other threads. Its code stays as it is, and as
 * fast: only the declaration differs, by one bit.
 *
 * Throws a `TypeError` where the module imports no memory with a maximum.
 */
export function importingSharedMemory(module: Uint8Array): Uint8Array {
  const at = placeOfMemoryFlags(module);
  const flags = at === undefined ? undefined : module[at];
  if (at === undefined || flags !== HAS_MAXIMUM) throw new TypeError("The module imports no memory with a maximum.");
  const changed = module.slice();
  changed[at] = flags | IS_SHARED;
  return changed;
}

function placeOfMemoryFlags(module: Uint8Array): number | undefined {
  const reader = new Reader(module, HEADER_BYTES);
  while (!reader.isAtEnd) {
    const section = reader.byte();
    const size = reader.number();
    if (section !== IMPORT_SECTION) {
      reader.skip(size);
      continue;
    }
    for (let left = reader.number(); left > 0; left--) {
      reader.skip(reader.number()); // the name of the module
      reader.skip(reader.number()); // its own name
      const kind = reader.byte();
      if (kind === MEMORY) return reader.at;
      if (kind !== FUNCTION) return undefined;
      reader.number(); // its type
    }
    return undefined;
  }
  return undefined;
}

class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.at++] ?? 0;
  }

  /** LEB128 without a sign, seven bits a byte. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  skip(bytes: number): void {
    this.at += bytes;
  }
}
