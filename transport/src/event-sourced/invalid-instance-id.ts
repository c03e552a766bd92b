/** A message names no instance of the aggregate or process manager it is for. */
export class InvalidInstanceId extends Error {
  override readonly name = "InvalidInstanceId";
  readonly category: string;
  readonly type: string;

  constructor(category: string, type: string, id: unknown) {
    super(
      `${type} names the instance ${JSON.stringify(id) ?? String(id)} of ${category}. Give a text that is not empty: correct the id function, or the sender.`,
    );
    this.category = category;
    this.type = type;
  }
}
