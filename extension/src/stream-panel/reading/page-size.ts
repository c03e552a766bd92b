/** How many entries to ask for at once, so that a page of any bodies stays within a budget of bytes. */
export interface PageSize {
  readonly next: number;
  /** What the last page turned out to hold. */
  saw(entries: number, bytes: number): void;
}

/** Bodies may weigh megabytes each: nothing is known before the first page, so it is a small one. */
const FIRST = 16;
const MOST = 2_000;
const BYTES = 4 * 2 ** 20;

export function pageSize(): PageSize {
  let next = FIRST;
  return {
    get next() {
      return next;
    },
    saw(entries, bytes) {
      if (entries > 0) {
        next = Math.max(1, Math.min(MOST, Math.floor(BYTES / Math.max(1, bytes / entries)), next * 8));
      }
    },
  };
}
