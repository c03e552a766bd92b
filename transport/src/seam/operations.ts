import type { TransportMessage } from "../messages/transport-message.ts";

/** What all operations say. */
interface Operation {
  readonly message: TransportMessage;
  /** Leaves at once, whatever becomes of the message being handled. Default: together with the others of its batch. */
  readonly isolated?: boolean;
  /** The receiver drops it when it is older than this when it gets to it. */
  readonly discardAfter?: Date;
}

/** Sends a message to one address: a component, or a component that the message comes back to. */
export interface UnicastOperation extends Operation {
  readonly destination: string;
  /** Not before this. In the past: at once. Default: at once. */
  readonly deliverAt?: Date;
}

/** Delivers a message to each component that has subscribed to its type, or to one of its base types. */
export interface MulticastOperation extends Operation {
  readonly baseTypes?: readonly string[];
}

/** What leaves in one step. */
export interface Operations {
  readonly unicast?: readonly UnicastOperation[];
  readonly multicast?: readonly MulticastOperation[];
}
