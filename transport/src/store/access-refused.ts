/** As gRPC counts: the login or the password is wrong, or the user is disabled. */
const UNAUTHENTICATED = 16;

/** The server knows the caller not, or not well enough. */
export class AccessRefused extends Error {
  override readonly name = "AccessRefused";
  /** Host and port, without credentials. */
  readonly address: string;

  constructor(address: string, options: ErrorOptions) {
    super(
      Reflect.get(Object(options.cause), "code") === UNAUTHENTICATED
        ? `EventStoreDB at ${address} does not take this user and password. Correct them in the connection string; %40 stands for an @ in them.`
        : `EventStoreDB at ${address} refuses access. Put a user and password into the connection string (esdb://user:password@host:2113); deploying needs a member of $admins, as projections and their streams do.`,
      options,
    );
    this.address = address;
  }
}
