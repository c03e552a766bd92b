/** The server knows the caller not, or not well enough. */
export class AccessRefused extends Error {
  override readonly name = "AccessRefused";
  /** Host and port, without credentials. */
  readonly address: string;

  constructor(address: string, options: ErrorOptions) {
    super(
      `EventStoreDB at ${address} refuses access. Put a user and password into the connection string (esdb://user:password@host:2113); deploying needs a member of $admins, as projections and their streams do.`,
      options,
    );
    this.address = address;
  }
}
