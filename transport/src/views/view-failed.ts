/** An event could not be folded into a view: the view has stopped there, or has left the event out. All else goes on. */
export class ViewFailed extends Error {
  override readonly name = "ViewFailed";
  readonly view: string;
  readonly messageId: string;
  readonly type: string;

  constructor(view: string, messageId: string, type: string, options: ErrorOptions) {
    super(
      `The view ${view} cannot fold message ${messageId} of type ${type}. Correct its fold and start again, or declare the view with { onFailure: "skip" }.`,
      options,
    );
    this.view = view;
    this.messageId = messageId;
    this.type = type;
  }
}
