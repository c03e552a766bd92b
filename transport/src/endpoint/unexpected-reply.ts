/** A command was answered by another type of reply than was asked for. */
export class UnexpectedReply extends Error {
  override readonly name = "UnexpectedReply";
  readonly messageId: string;
  readonly expected: string;
  readonly received: string;

  constructor(messageId: string, expected: string, received: string) {
    super(
      `Command ${messageId} was answered by ${received}, and ${expected} was asked for. Ask for the reply that its handler gives.`,
    );
    this.messageId = messageId;
    this.expected = expected;
    this.received = received;
  }
}
