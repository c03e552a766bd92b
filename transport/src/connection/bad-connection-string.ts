/** The connection string cannot be understood. */
export class BadConnectionString extends Error {
  override readonly name = "BadConnectionString";

  constructor(options: ErrorOptions & { readonly reason: string }) {
    super(
      `The connection string is not usable: ${options.reason} It must be like esdb://127.0.0.1:2113?tls=false, or esdb+discover://host:2113 for a cluster.`,
      options,
    );
  }
}
