import { WriteFailedError } from "./errors.ts";

export interface Patience {
  /** Nobody wants the write any more. */
  readonly isOver: () => boolean;
  /** Told each time that the disk has refused. */
  readonly onRefused: () => void;
}

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;

/** Milliseconds to wait after one more refusal; `wait` is what it was after the one before, 0 for none. */
export function nextWait(wait: number): number {
  return Math.min(Math.max(FIRST_WAIT_MS, 2 * wait), LONGEST_WAIT_MS);
}

/**
 * Writes, and tries again as long as the disk refuses: once there is space again, it goes on as if nothing had been.
 * Nothing of a refused write is stored, so that it can be repeated. Throws a `WriteFailedError` only where the write is over.
 */
export async function patiently<T>(write: () => Promise<T>, patience: Patience): Promise<T> {
  for (let wait = nextWait(0); ; wait = nextWait(wait)) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof WriteFailedError) || patience.isOver()) throw error;
      patience.onRefused();
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (patience.isOver()) throw error;
    }
  }
}
