/** The server does not run the projections that messages travel by. */
export class ProjectionsNotRunning extends Error {
  override readonly name = "ProjectionsNotRunning";
  readonly address: string;
  /** What the server says of `$by_category`. */
  readonly status: string;

  constructor(address: string, status: string, options?: ErrorOptions) {
    super(
      `EventStoreDB at ${address} does not run the projection $by_category (${status}), and no message travels without it. Start the server with --run-projections=All --start-standard-projections=true, or enable $by_category in its projections.`,
      options,
    );
    this.address = address;
    this.status = status;
  }
}
