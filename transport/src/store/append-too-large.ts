/** The server does not take so much in one append. Nothing is stored. */
export class AppendTooLarge extends Error {
  override readonly name = "AppendTooLarge";
  readonly stream: string;
  /** Bytes that the server takes in one append. */
  readonly limit: number;

  constructor(stream: string, limit: number, options?: ErrorOptions) {
    super(`The server takes at most ${limit} bytes in one append to ${stream}. Append less at once.`, options);
    this.stream = stream;
    this.limit = limit;
  }
}
