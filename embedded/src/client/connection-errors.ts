import { type ServiceError, status } from "@grpc/grpc-js";
import type { Address } from "./address.ts";

/** A connection string is not written as it should be, or a file that it names cannot be read; the message says which part. */
export class ConnectionStringError extends Error {
  override readonly name = "ConnectionStringError";
}

/** How gRPC wraps what Node and OpenSSL say, whose codes it drops. */
const WRAPPED = /Last error: (?:Error(?: \[\w+\])?: )?(.*?)\s*(?: \(\d{4}-[^)]*\))?(?:\. Resolution note: .*)?$/s;

function remedyOf(why: string): string {
  if (/altnames/i.test(why)) return "Take a name that its certificate has in --connection.";
  if (/certificate/i.test(why)) return "Name the file of who has signed its certificate, tlsCAFile, in --connection.";
  if (/wrong version number|packet length too long|before secure TLS connection/i.test(why))
    return "It does not speak TLS: add tls=false to --connection.";
  if (why === "Failed to connect") return "If it has TLS, take tls=false out of --connection.";
  return "Start it, or correct --connection.";
}

/** No server answers where the connection string leads. */
export class ServerUnreachableError extends Error {
  override readonly name = "ServerUnreachableError";
  readonly addresses: readonly Address[];

  constructor(addresses: readonly Address[], reason: string, options?: ErrorOptions) {
    const places = addresses.map(({ host, port }) => `${host}:${port}`).join(", ");
    // Behind the semicolon Node gives a remedy of its own.
    const why = (WRAPPED.exec(reason)?.[1] ?? reason).replace(/;.*/s, "");
    super(`No server answers on ${places}: ${why}. ${remedyOf(why)}`, options);
    this.addresses = addresses;
  }
}

/** The login in the connection string is wrong, or may not do what is asked. */
export class NotAllowedError extends Error {
  override readonly name = "NotAllowedError";

  constructor(options?: ErrorOptions) {
    super(
      (options?.cause as Partial<ServiceError> | undefined)?.code === status.UNAUTHENTICATED
        ? "The server does not take this user and password. Correct them in --connection."
        : "The server does not let this login do that. Give one that may in --connection, such as esdb://admin:PASSWORD@….",
      options,
    );
  }
}

/** The error in words of the command line, where there are any. */
export function connectionError(error: unknown, address: Address): unknown {
  switch ((error as Partial<ServiceError>).code) {
    case status.UNAVAILABLE:
      return new ServerUnreachableError([address], (error as ServiceError).details, { cause: error });
    case status.UNAUTHENTICATED:
    case status.PERMISSION_DENIED:
      return new NotAllowedError({ cause: error });
    default:
      return error;
  }
}
