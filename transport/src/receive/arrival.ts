import type { MessageContext } from "../messages/message-context.ts";
import type { Metadata, StoredEvent } from "../store/event.ts";
import type { Delivery } from "./delivery.ts";

/** A delivery of a message, and what is known of it before it is begun. */
export interface Arrival {
  readonly delivery: Delivery;
  readonly event: StoredEvent;
  readonly metadata: Metadata;
  readonly context: MessageContext;
  /** The earliest moment at which the server can have handed it out, by the receiver's clock: its time runs from there. */
  readonly since: number;
  /** It may have lain in this process for longer than is known: the process stood still, or was suspended. */
  readonly isDoubtful: boolean;
  /** Messages of one lane are handled one after the other. */
  readonly lane: string | undefined;
}
