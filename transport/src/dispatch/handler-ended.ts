/** A handler sends after it has ended, so the message could no longer leave with the others. */
export class HandlerEnded extends Error {
  override readonly name = "HandlerEnded";
  readonly type: string;

  constructor(type: string) {
    super(`${type} is sent after its handler has ended. Await everything that sends before the handler returns.`);
    this.type = type;
  }
}
