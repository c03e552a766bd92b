/** Others wrote to the stream of an instance each time between reading and appending. The message is tried again. */
export class TooManyConflicts extends Error {
  override readonly name = "TooManyConflicts";
  readonly stream: string;

  constructor(stream: string, times: number) {
    super(
      `${stream} was changed by others ${times} times in a row while a decision was made. Spread the messages over more instances, or lower the concurrency.`,
    );
    this.stream = stream;
  }
}
