/** What a transport can do by itself. Frozen: it never changes while the transport is in use. */
export interface Capabilities {
  /** Keeps a message until its time has come ({@link UnicastOperation.deliverAt}). */
  readonly delayedDelivery: boolean;
  /** Delivers a multicast operation to whoever has subscribed to its type. */
  readonly publishSubscribe: boolean;
  /** Drops a message whose time to be received is over. */
  readonly timeToBeReceived: boolean;
  /** Batched operations of one receive context leave together, before the message is settled, or not at all. */
  readonly atomicDispatch: boolean;
  /** Puts a message aside with a reason ({@link ErrorResult}). */
  readonly parking: boolean;
}
