/** A message is to be edited that is not parked, or that was dealt with before. Nothing is sent. */
export class NotParked extends Error {
  override readonly name = "NotParked";
  readonly component: string;
  readonly id: string;

  constructor(component: string, id: string, why: string) {
    super(
      `${id} cannot be handled again from what ${component} has parked: ${why}. List what is parked, and choose from that.`,
    );
    this.component = component;
    this.id = id;
  }
}
