/** A component is started on a server that has no queue for it. */
export class NotDeployed extends Error {
  override readonly name = "NotDeployed";
  readonly component: string;

  constructor(component: string, options: ErrorOptions) {
    super(
      `Component ${component} is not deployed on this server. Call deploy, or start the endpoint without { deploy: false }.`,
      options,
    );
    this.component = component;
  }
}
