/** The connection string cannot be understood. It is not repeated here, nor kept as the cause: it may hold a password. */
export class BadConnectionString extends Error {
  override readonly name = "BadConnectionString";
  /** What the client says of it. */
  readonly reason: string;

  constructor(reason: string) {
    super(
      `The connection string is not usable: ${reason} It must be like esdb://127.0.0.1:2113?tls=false, or esdb+discover://host:2113 for a cluster.`,
    );
    this.reason = reason;
  }
}
