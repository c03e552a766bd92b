/** Another instance has handled the message while this one's time was over: nothing of this attempt leaves. */
export class HandledElsewhere extends Error {
  override readonly name = "HandledElsewhere";
  readonly messageId: string;

  constructor(messageId: string) {
    super(`Message ${messageId} took longer than its message timeout, and another instance has handled it.`);
    this.messageId = messageId;
  }
}
