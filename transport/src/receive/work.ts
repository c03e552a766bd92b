import type { MessageContext } from "../messages/message-context.ts";
import type { Metadata, StoredEvent } from "../store/event.ts";
import type { Arrival } from "./arrival.ts";
import { HandlerTimedOut } from "./handler-timed-out.ts";
import { Settlement } from "./settlement.ts";

/**
 * A message in hand: begun, and not settled or still running. Its handler has a time limit; past it the signal is aborted, and after a
 * grace the handler is left to itself: its slot is free for others, though the message stays in hand until the handler ends.
 */
export class Work {
  readonly event: StoredEvent;
  readonly metadata: Metadata;
  readonly context: MessageContext;
  readonly lane: string | undefined;
  /** Times the server had handed it out before it was begun. */
  readonly retryCount: number;
  readonly isDoubtful: boolean;
  readonly queuedAt: Date | undefined;
  /** The link by which it came first. */
  readonly linkId: string;
  readonly settlement: Settlement;
  /** Told of each further delivery of it. */
  joined: ((arrival: Arrival) => void) | undefined;
  readonly #time: number;
  #attempt: { readonly abort: AbortController; readonly limitAt: number; readonly milliseconds: number } | undefined;
  #holdsSlot = true;
  #isInside = true;

  /** @param time milliseconds after which the server takes a delivery back, less a margin. */
  constructor(first: Arrival, time: number) {
    const { event, metadata, context, lane, isDoubtful, delivery } = first;
    this.event = event;
    this.metadata = metadata;
    this.context = context;
    this.lane = lane;
    this.isDoubtful = isDoubtful;
    this.retryCount = delivery.retryCount;
    this.queuedAt = delivery.queuedAt;
    this.linkId = delivery.linkId;
    this.settlement = new Settlement(first, time);
    this.#time = time;
  }

  get id(): string {
    return this.context.messageId;
  }

  /** Its handler runs beyond its time. */
  get isTimedOut(): boolean {
    return this.#attempt?.abort.signal.reason instanceof HandlerTimedOut;
  }

  /** It counts among those handled at once. */
  get holdsSlot(): boolean {
    return this.#holdsSlot;
  }

  /** @param limit milliseconds that the handler may take; undefined: as long as the message is this process's. */
  beginAttempt(now: number, limit: number | undefined): AbortSignal {
    const until = (this.settlement.latest?.since ?? now) + this.#time;
    const limitAt = limit === undefined ? until : now + limit;
    const abort = new AbortController();
    this.#attempt = { abort, limitAt, milliseconds: limitAt - now };
    return abort.signal;
  }

  /** The handler has ended. */
  endAttempt(): void {
    this.#attempt = undefined;
  }

  /** Looks whether its time is over. @returns what has just come to pass. */
  look(now: number, grace: number): HandlerTimedOut | "left alone" | undefined {
    const attempt = this.#attempt;
    if (attempt === undefined || now < attempt.limitAt) return undefined;
    if (!attempt.abort.signal.aborted) {
      const error = new HandlerTimedOut(this.context.type, Math.round(attempt.milliseconds));
      attempt.abort.abort(error);
      return error;
    }
    return this.isTimedOut && this.#holdsSlot && now >= attempt.limitAt + grace ? "left alone" : undefined;
  }

  /** Its slot is given to others. @returns false where it had none. */
  releaseSlot(): boolean {
    const held = this.#holdsSlot;
    this.#holdsSlot = false;
    return held;
  }

  /** It counts again among those handled in this process. */
  enterSolitude(): void {
    this.#isInside = true;
  }

  /** It counts no more among those handled in this process. @returns false where it did not. */
  leaveSolitude(): boolean {
    const wasInside = this.#isInside;
    this.#isInside = false;
    return wasInside;
  }

  /** Asks its handler to end. */
  abort(reason: unknown): void {
    this.#attempt?.abort.abort(reason);
  }
}
