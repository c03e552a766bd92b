/** Somebody else listens there, perhaps another of these servers. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, options?: ErrorOptions) {
    super(`Port ${port} on ${host} is in use. Stop what listens there, or choose another port with --port.`, options);
    this.host = host;
    this.port = port;
  }
}

/** The operating system keeps the port for others. */
export class PortNotAllowedError extends Error {
  override readonly name = "PortNotAllowedError";
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, options?: ErrorOptions) {
    super(`This user may not listen on port ${port} of ${host}. Choose a port above 1023 with --port.`, options);
    this.host = host;
    this.port = port;
  }
}

/** The host is no address of this machine. */
export class HostUnusableError extends Error {
  override readonly name = "HostUnusableError";
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, options?: ErrorOptions) {
    super(
      `Listening on ${host}:${port} is not possible: the host is no address of this machine. Use 127.0.0.1, or another of its addresses, with --host.`,
      options,
    );
    this.host = host;
    this.port = port;
  }
}
