/** An aggregate or process manager says which events are its own, and does not say what some of them change. */
export class MissingEvolve extends Error {
  override readonly name = "MissingEvolve";
  /** Whose, such as `aggregate order`. */
  readonly where: string;
  readonly types: readonly string[];

  constructor(where: string, types: readonly string[]) {
    super(
      `${where} declares the events ${types.join(", ")} without an evolve. Add evolve(event, fold), or evolve(event) where it changes nothing.`,
    );
    this.where = where;
    this.types = types;
  }
}
