import type { MessageContext } from "../messages/message-context.ts";
import type { FailureHistory } from "./failure-history.ts";
import type { Metadata, StoredEvent } from "../store/event.ts";

/** One try to handle a message. */
export interface Attempt {
  /** 1 the first time, one more with each immediate retry. */
  readonly number: number;
  /** Delayed retries before this one. */
  readonly delayedRetries: number;
  /** It may have been handled before, wholly or in part. */
  readonly isRedelivery: boolean;
  /** Aborted with HandlerTimedOut when the handler's time is over; with another reason when the receiver stops and waits no longer. */
  readonly signal: AbortSignal;
  /** What those who handle the message, and its error policy, hand on to each other. */
  readonly items: Map<string, unknown>;
  /** What leaves now may have left before, so the server must be able to recognize it. To be asked right before it leaves. */
  readonly mayRepeat: () => boolean;
  /**
   * To be awaited when the handler has ended well, before anything of it leaves.
   * @throws HandledElsewhere, ServerUnreachable, and the reason of the receiver's stop: nothing of this attempt may leave.
   */
  readonly confirm: () => Promise<void>;
  /** To be called when all that is left is to store what the handler has sent: others are handled meanwhile. */
  readonly storing: () => void;
}

/** An attempt that has failed. */
export interface FailedAttempt extends FailureHistory {
  /** As it was received. */
  readonly event: StoredEvent;
  readonly metadata: Metadata;
  readonly context: MessageContext;
  readonly error: unknown;
  /** Attempts that have failed since it was received, 1 first; a delayed retry starts anew. */
  readonly immediateFailures: number;
  readonly firstFailedAt: Date;
  readonly items: Map<string, unknown>;
}
