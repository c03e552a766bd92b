/** No reply came in time. The command may still be handled; asked again with its id, it gets the reply. */
export class ReplyTimedOut extends Error {
  override readonly name = "ReplyTimedOut";
  /** Id and type of the command. */
  readonly messageId: string;
  readonly type: string;
  readonly milliseconds: number;

  constructor(messageId: string, type: string, milliseconds: number) {
    super(
      `No reply to ${type} ${messageId} within ${milliseconds} ms. Look whether its component runs and has parked it, or give more time ({ timeout }).`,
    );
    this.messageId = messageId;
    this.type = type;
    this.milliseconds = milliseconds;
  }
}
