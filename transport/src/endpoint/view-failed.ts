/** A view cannot be folded further, since one of its folds threw. The components of the process go on. */
export class ViewFailed extends Error {
  override readonly name = "ViewFailed";
  readonly view: string;
  readonly messageId: string;
  readonly type: string;

  constructor(view: string, messageId: string, type: string, options: ErrorOptions) {
    super(
      `The view ${view} failed on message ${messageId} of type ${type}. Correct its fold and start again: it is folded from the beginning.`,
      options,
    );
    this.view = view;
    this.messageId = messageId;
    this.type = type;
  }
}
