/** A component is started, changed or taken away on a server where it is not deployed. */
export class NotDeployed extends Error {
  override readonly name = "NotDeployed";
  readonly component: string;

  constructor(component: string, options?: ErrorOptions) {
    super(
      `Component ${component} is not deployed on this server. Call deploy, or start the endpoint without { deploy: false }.`,
      options,
    );
    this.component = component;
  }
}
