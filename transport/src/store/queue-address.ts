/** A persistent subscription: the group of consumers that share the events of a stream. */
export interface QueueAddress {
  readonly stream: string;
  readonly group: string;
}
