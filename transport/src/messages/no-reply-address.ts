import { UNRECOVERABLE } from "../topology/unrecoverable-mark.ts";

/** A handler replies to a message that names nobody to answer. */
export class NoReplyAddress extends Error {
  override readonly name = "NoReplyAddress";
  readonly [UNRECOVERABLE] = true;
  readonly messageId: string;
  readonly type: string;

  constructor(messageId: string, type: string) {
    super(
      `Message ${messageId} of type ${type} names no component to reply to. Send it from a component, or give replyTo when sending it from outside.`,
    );
    this.messageId = messageId;
    this.type = type;
  }
}
