/**
 * A message in the queue of a type that this instance does not handle. A newer one may, so it is given back for others, and parked
 * only after the component's `unknownTypeRetries`.
 */
export class UnknownMessageType extends Error {
  override readonly name = "UnknownMessageType";
  readonly component: string;
  readonly messageId: string;
  readonly type: string;

  constructor(component: string, messageId: string, type: string) {
    super(
      `This instance of ${component} has no handler for message ${messageId} of type ${type}. Where no other has one: add one, deploy, and retry the parked messages.`,
    );
    this.component = component;
    this.messageId = messageId;
    this.type = type;
  }
}
