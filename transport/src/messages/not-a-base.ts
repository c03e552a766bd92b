/** An event extends one that is not open to that, so that its subscribers would not get it. */
export class NotABase extends Error {
  override readonly name = "NotABase";
  readonly type: string;
  readonly base: string;

  constructor(type: string, base: string) {
    super(
      `The event ${type} extends ${base}, which was not declared as an event that others may extend. Declare it as event(${JSON.stringify(base)}, { isBase: true }), and deploy those who handle it.`,
    );
    this.type = type;
    this.base = base;
  }
}
