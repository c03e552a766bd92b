import type { Address } from "./address.ts";
import { ConnectionStringError } from "./connection-errors.ts";
import { connectionStringParts, optionName, serversIn } from "./connection-string-parts.ts";

/** What a connection string of the official clients says, as far as it matters here (spec 1.3). */
export interface ConnectionSettings {
  readonly addresses: readonly Address[];
  /** Ask the servers which of them leads. */
  readonly isDiscovered: boolean;
  readonly tls: boolean;
  readonly verifiesCertificate: boolean;
  readonly authorityFile: string | undefined;
  readonly certificateFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly credentials: { readonly login: string; readonly password: string } | undefined;
}

const DEFAULT_PORT = 2113;
const EXAMPLE =
  "esdb://admin:changeit@127.0.0.1:2113?tls=true, or esdb://127.0.0.1:2113?tls=false for a server without TLS";

/** @throws ConnectionStringError */
export function parseConnectionString(text: string): ConnectionSettings {
  const { scheme, isDiscovered, credentials, authority, query = "" } = connectionStringParts(text);
  if (scheme === "") throw unusable("it does not begin with esdb:// or kurrentdb://");
  // Before the first option's name has ended: a "?" of the login or the password has cut it short.
  if (credentials === undefined && query.split("=", 1)[0]?.includes("@") === true) {
    throw unusable('a "?" in the login or the password has to be written as %3F');
  }
  const addresses = serversIn(authority).map(addressOf);
  const options = new Map([...new URLSearchParams(query)].map(([name, value]) => [optionName(name), value]));
  const isOn = (name: string): boolean => options.get(name)?.toLowerCase() !== "false";
  return {
    addresses,
    isDiscovered: isDiscovered || addresses.length > 1,
    tls: isOn("tls"),
    verifiesCertificate: isOn("tlsverifycert"),
    authorityFile: options.get("tlscafile"),
    certificateFile: options.get("usercertfile"),
    keyFile: options.get("userkeyfile"),
    credentials: credentials === undefined ? undefined : credentialsOf(credentials),
  };
}

function addressOf(text: string): Address {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port ?? 0) > 65_535) {
    // What stands there may be a piece of the password: it is not repeated.
    throw unusable("a host in it is written neither as HOST nor as HOST:PORT");
  }
  return { host, port: port === undefined ? DEFAULT_PORT : Number(port) };
}

function credentialsOf(text: string): { login: string; password: string } {
  const [login = "", password = ""] = text.split(/:(.*)/s);
  try {
    return { login: decodeURIComponent(login), password: decodeURIComponent(password) };
  } catch {
    throw unusable("the login or the password is not written as in a URL");
  }
}

/** The string itself may hold a password, and is not repeated. */
function unusable(reason: string): ConnectionStringError {
  return new ConnectionStringError(`The connection string cannot be used: ${reason}. Write it like ${EXAMPLE}.`);
}
