/** A message goes on with an instance of a process manager that was never begun. It is tried again: what begins it may be on its way. */
export class InstanceNotFound extends Error {
  override readonly name = "InstanceNotFound";
  readonly stream: string;
  readonly type: string;

  constructor(stream: string, type: string) {
    super(
      `${type} goes on with ${stream}, which has not begun. Retry it when that has begun, or declare what becomes of it with { notFound }.`,
    );
    this.stream = stream;
    this.type = type;
  }
}
