/** A server without security would listen where others can reach it. */
export class ExposedWithoutSecurityError extends Error {
  override readonly name = "ExposedWithoutSecurityError";
  readonly host: string;

  constructor(host: string) {
    super(
      `Others can reach ${host}, and without TLS and passwords everybody who does may read and write everything. ` +
        `Start with --tls (or --cert and --key), listen on 127.0.0.1, or say --insecure if that is what you want.`,
    );
    this.host = host;
  }
}
