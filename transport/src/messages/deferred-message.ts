/** A message that waits for its time: what `cancel` needs to know. A plain value that can be stored. */
export interface DeferredMessage {
  /** UUID of the message. */
  readonly id: string;
  /** The component it is for. */
  readonly to: string;
  readonly deliverAt: Date;
}
