/** The stream of an instance cannot be folded: an event in it is no JSON, or its `evolve` or `upcast` throws. */
export class FoldFailed extends Error {
  override readonly name = "FoldFailed";
  readonly stream: string;
  readonly revision: bigint;
  readonly type: string;

  constructor(stream: string, revision: bigint, type: string, why: string, options?: ErrorOptions) {
    super(
      `${stream} cannot be folded: event ${revision}, a ${type}, ${why}. Correct its evolve, or upcast it, then retry what was parked.`,
      options,
    );
    this.stream = stream;
    this.revision = revision;
    this.type = type;
  }
}
