/** A handler has run beyond its time. It is the reason of its aborted signal. */
export class HandlerTimedOut extends Error {
  override readonly name = "HandlerTimedOut";
  readonly type: string;
  readonly milliseconds: number;

  constructor(type: string, milliseconds: number) {
    super(
      `A handler of ${type} has not ended within ${milliseconds} ms. Let it end when its signal is aborted, or raise messageTimeout of its component.`,
    );
    this.type = type;
    this.milliseconds = milliseconds;
  }
}
