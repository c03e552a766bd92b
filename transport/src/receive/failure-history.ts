import { HEADER } from "../messages/header-names.ts";
import { dateOf } from "../messages/headers.ts";
import type { Metadata } from "../store/event.ts";

/** What a message carries of its failures so far, in its headers. */
export interface FailureHistory {
  /** Delayed retries so far. */
  readonly delayedRetries: number;
  /** Times that instances gave it back, since they did not know its type. */
  readonly unknownTypeRetries: number;
  /** Times a person had it handled again after it was parked. */
  readonly replays: number;
  /** When it first failed, over all retries; undefined where it never has. */
  readonly firstFailedAt: Date | undefined;
}

/** Reads the history; what others wrote there in another form counts as not said. */
export function failureHistoryOf(said: Metadata): FailureHistory {
  return {
    delayedRetries: countOf(said[HEADER.delayedRetries]),
    unknownTypeRetries: unknownTypeRetriesOf(said),
    replays: countOf(said[HEADER.replays]),
    firstFailedAt: dateOf(said[HEADER.firstFailedAt]),
  };
}

/** Times that instances gave a message back, by its headers, since they did not know its type. */
export const unknownTypeRetriesOf = (headers: Metadata): number => countOf(headers[HEADER.unknownTypeRetries]);

/** When the message becomes worthless; undefined for never. */
export const discardAfterOf = (said: Metadata): Date | undefined => dateOf(said[HEADER.discardAfter]);

const countOf = (said: unknown): number => (Number.isSafeInteger(said) && Number(said) > 0 ? Number(said) : 0);
