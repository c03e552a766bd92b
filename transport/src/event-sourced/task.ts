import type { DecideEntry, EventSourced } from "../declare/event-sourced.ts";
import type { SendingContext } from "../messages/compose.ts";
import type { Attempt } from "../receive/attempt.ts";

/** Who handles, and which message. */
export type Handling = SendingContext & { readonly handling: NonNullable<SendingContext["handling"]> };

/** What a decision needs to know of the attempt it is made in. */
export type DecidingAttempt = Pick<Attempt, "mayRepeat" | "signal"> & Partial<Pick<Attempt, "items">>;

/** One message for one instance. */
export interface Task {
  readonly stream: string;
  readonly source: EventSourced<unknown>;
  readonly entry: DecideEntry<unknown>;
  readonly body: object;
  readonly origin: Handling;
  readonly attempt: DecidingAttempt;
  /** Times that it was decided in vain, since another process was quicker. */
  conflicts: number;
  /** It shares no append with others. */
  alone: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/** Tasks that share one append at most: a round is to stay short. */
const MOST = 50;

/**
 * How many of those that wait for one instance are decided together, 1 at least. What may have been stored before is alone: the server
 * recognizes a repeat only where it knows every id of the append.
 */
export function countTogether(waiting: readonly Task[]): number {
  const [first] = waiting;
  if (first === undefined || first.alone || first.attempt.mayRepeat()) return 1;
  const ids = new Set([first.origin.handling.messageId]);
  const others = waiting.slice(1, MOST);
  const end = others.findIndex(({ alone, attempt, origin }) => {
    const { messageId } = origin.handling;
    if (alone || attempt.mayRepeat() || ids.has(messageId)) return true;
    ids.add(messageId);
    return false;
  });
  return 1 + (end === -1 ? others.length : end);
}
