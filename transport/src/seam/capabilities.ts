/** What a transport can do by itself. Frozen: it never changes while the transport is in use. */
export interface Capabilities {
  /** Keeps a message until its time has come: one sent for later, and one that failed, until its delayed retry. */
  readonly delayedDelivery: boolean;
  /** Delivers a multicast operation to whoever has subscribed to its type. */
  readonly publishSubscribe: boolean;
  /** Keeps what was published, so that a subscription can begin at the start of it all. */
  readonly publishedHistory: boolean;
  /** Drops what comes again under the id of a message that was handled, whichever instance gets it. */
  readonly duplicateDetection: boolean;
  /** Drops a message whose time to be received is over. */
  readonly timeToBeReceived: boolean;
  /** Batched operations of one receive context leave together, before the message is settled, or not at all. */
  readonly atomicDispatch: boolean;
  /** Puts a message aside for a person, with what the policy says of the failure. */
  readonly parking: boolean;
}
