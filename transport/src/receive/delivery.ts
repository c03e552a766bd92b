import type { StoredEvent } from "../store/event.ts";

/** A message as the server handed it out once. */
export interface Delivery {
  /** The original; absent where the link leads to nothing. */
  readonly event: StoredEvent | undefined;
  /** Id of the link in the queue, by which the server knows this delivery; the event's own where it came without a link. */
  readonly linkId: string;
  /** Times the server has handed it out before. */
  readonly retryCount: number;
  /** When it arrived, in milliseconds of the receiver's clock. */
  readonly at: number;
  /** The connection it came over still stands. If not, the server hands the message out again by itself. */
  isLive(): boolean;
  /** Done with. */
  ack(): void;
  /** Put aside for a person, with the reason. */
  park(reason: string): void;
  /** To be handed out again, to any instance. */
  giveBack(): void;
}
