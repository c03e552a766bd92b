/** A component handles a command that belongs to another, and so would never get it. */
export class WrongOwner extends Error {
  override readonly name = "WrongOwner";
  readonly component: string;
  readonly type: string;
  readonly owner: string;

  constructor(component: string, type: string, owner: string) {
    super(
      `Component ${component} handles the command ${type}, which is sent to ${owner}. Handle it there, or declare the command with { to: ${JSON.stringify(component)} }.`,
    );
    this.component = component;
    this.type = type;
    this.owner = owner;
  }
}
