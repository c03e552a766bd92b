/** An initial state that instances would share, and could change for each other. */
export class InvalidInitialState extends Error {
  override readonly name = "InvalidInitialState";
  /** Whose, such as `aggregate order`. */
  readonly where: string;

  constructor(where: string) {
    super(
      `The initial state of ${where} is not plain data, so its instances would share it. Give a function that makes a new one: () => new Map().`,
    );
    this.where = where;
  }
}
