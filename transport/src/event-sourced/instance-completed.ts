/** A message is for an instance that has ended, and its declaration says that this is a failure. */
export class InstanceCompleted extends Error {
  override readonly name = "InstanceCompleted";
  readonly stream: string;
  readonly type: string;

  constructor(stream: string, type: string) {
    super(`${type} is for ${stream}, which has ended. Correct the sender, or declare it with { completed: "ignore" }.`);
    this.stream = stream;
    this.type = type;
  }
}
