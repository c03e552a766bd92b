const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use",
  EACCES: "this user may not listen on that port",
};

/** Health and metrics cannot be served where they were asked for. */
export class HttpPortUnusableError extends Error {
  override readonly name = "HttpPortUnusableError";
  readonly host: string;
  readonly port: number;

  /** Without a `cause` it is the port where clients connect. */
  constructor(host: string, port: number, cause?: NodeJS.ErrnoException) {
    const reason =
      cause === undefined
        ? "clients connect there (what older versions of the real server call --http-port is --port here)"
        : (REASONS[cause.code ?? ""] ?? "the host is no address of this machine");
    super(
      `Health and metrics cannot be served on ${host}:${port}: ${reason}. Choose another with --http-port or --http-host.`,
      { cause },
    );
    this.host = host;
    this.port = port;
  }
}
