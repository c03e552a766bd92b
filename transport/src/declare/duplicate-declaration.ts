/** The same thing is declared twice where there can be only one. */
export class DuplicateDeclaration extends Error {
  override readonly name = "DuplicateDeclaration";
  /** Where, such as `aggregate order`. */
  readonly where: string;
  /** What is there twice, such as a message type. */
  readonly what: string;

  constructor(where: string, what: string) {
    super(`${where} declares ${what} twice. Keep one of the two.`);
    this.where = where;
    this.what = what;
  }
}
