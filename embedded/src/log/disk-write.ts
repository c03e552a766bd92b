import type { StagedWrites } from "./commit-queue.ts";

/** A group of writes that went to disk as one, or did not. */
export interface DiskWrite {
  readonly events: number;
  readonly bytes: number;
  /** What the disk took. */
  readonly milliseconds: number;
  readonly isRefused: boolean;
}

/** `begin` is by `performance.now()`. */
export function diskWriteOf(group: readonly StagedWrites[], begin: number, isRefused: boolean): DiskWrite {
  const milliseconds = performance.now() - begin;
  let events = 0;
  let bytes = 0;
  for (const writes of group) {
    events += writes.records.length;
    bytes += writes.bytes;
  }
  return { events, bytes, milliseconds, isRefused };
}
