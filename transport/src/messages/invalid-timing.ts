/** What is said about the time of a message cannot be kept. Nothing is sent. */
export class InvalidTiming extends Error {
  override readonly name = "InvalidTiming";
  readonly type: string;

  constructor(type: string, why: string) {
    super(
      `${type} cannot be sent so: ${why}. Give a command delayFor (milliseconds) or deliverAt (a Date); to publish later, defer a command to yourself.`,
    );
    this.type = type;
  }
}
