import type { StoredEvent } from "../store/event.ts";

/**
 * A message as the server handed it out once. It is settled once at most: what comes after the first settlement is ignored. Each
 * settlement says whether it went out: on a connection that is gone nothing does, and the server hands the message out again.
 */
export interface Delivery {
  /** The original; absent where the link leads to nothing. */
  readonly event: StoredEvent | undefined;
  /** Where the link leads, as `<revision>@<stream>`; undefined where it came without a link. */
  readonly place: string | undefined;
  /** Id of the link in the queue, by which the server knows this delivery; the event's own where it came without a link. */
  readonly linkId: string;
  /** Times the server has handed it out before. */
  readonly retryCount: number;
  /** When it arrived, in milliseconds of the receiver's clock. */
  readonly at: number;
  /** When it came into the queue, by the server's clock; undefined where that is not known. */
  readonly queuedAt: Date | undefined;
  /** The connection it came over still stands. If not, the server hands the message out again by itself. */
  isLive(): boolean;
  /** It may be begun. Not so where its connection is to be closed, since this process wants fewer messages at once. */
  isWanted(): boolean;
  /** Done with. */
  ack(): boolean;
  /** Put aside for a person, with the reason. */
  park(reason: string): boolean;
  /** To be handed out again, to any instance. */
  giveBack(): boolean;
  /** Not settled: the server has taken it back, or will. Settling it then would settle what another instance has in hand. */
  drop(): void;
}
