/** A request whose receiver nobody has named. */
export class NoDestination extends Error {
  override readonly name = "NoDestination";
  readonly pattern: string;

  constructor(pattern: string) {
    super(
      `Nobody says which component answers ${JSON.stringify(pattern)}. Give the client a destination, or the message one by SluiceRecord.`,
    );
    this.pattern = pattern;
  }
}
