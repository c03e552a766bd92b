/** A pattern of an event handler that says nothing of which events the component shall get. Thrown when the server begins to listen. */
export class InvalidPattern extends Error {
  override readonly name = "InvalidPattern";
  readonly pattern: string;

  constructor(pattern: string) {
    super(
      `${JSON.stringify(pattern)} begins with a wildcard, so the server could not tell which events to deliver. Begin it with a word, such as "orders.#".`,
    );
    this.pattern = pattern;
  }
}
