import { UNRECOVERABLE } from "../topology/unrecoverable-mark.ts";

/** A message in the queue that this component cannot read: parked at once, since no retry makes it readable. */
export class UnreadableMessage extends Error {
  override readonly name = "UnreadableMessage";
  readonly [UNRECOVERABLE] = true;
  readonly messageId: string;
  readonly type: string;

  constructor(messageId: string, type: string, why: string) {
    super(`Message ${messageId} of type ${type} cannot be handled: ${why}`);
    this.messageId = messageId;
    this.type = type;
  }
}
