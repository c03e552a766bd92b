import * as l10n from "@vscode/l10n";

/** What can go wrong with a server, a class for each thing that a user does something else about. */

/** Nothing answers where the connection leads. */
export class ServerUnreachableError extends Error {
  override readonly name = "ServerUnreachableError";
}

/** The server shows a certificate that this machine has no reason to trust, or one for another name. */
export class CertificateNotTrustedError extends Error {
  override readonly name = "CertificateNotTrustedError";
}

/** The login or its password is wrong, disabled or expired, or there is none and the server wants one. */
export class LoginRefusedError extends Error {
  override readonly name = "LoginRefusedError";
}

/** The login is right, and may not do this. */
export class AccessDeniedError extends Error {
  override readonly name = "AccessDeniedError";
}

/** There is no such stream, or none of its events can be read any more. */
export class StreamNotFoundError extends Error {
  override readonly name = "StreamNotFoundError";
}

/** The stream was tombstoned: it can never be written again. */
export class StreamDeletedError extends Error {
  override readonly name = "StreamDeletedError";
}

/** The server has ended a subscription whose reader was slower than the events; it can go on where it was. */
export class SubscriptionDroppedError extends Error {
  override readonly name = "SubscriptionDroppedError";
}

/** The stream is not where the writer believed it to be; nothing was written. */
export class WrongExpectedRevisionError extends Error {
  override readonly name = "WrongExpectedRevisionError";
  /** Where it is; undefined where it does not exist. */
  readonly actual: number | bigint | undefined;

  constructor(message: string, actual: number | bigint | undefined, options?: ErrorOptions) {
    super(message, options);
    this.actual = actual;
  }
}

/** A connection string that cannot be used; the message says where it is wrong and never repeats a password. */
export class ConnectionStringError extends Error {
  override readonly name = "ConnectionStringError";
}

/** Anything else the server has answered, in its own words. */
export class ServerAnsweredError extends Error {
  override readonly name = "ServerAnsweredError";
}

/** The connection was closed, edited or removed while it was used. Opening it again gets a new one. */
export class ConnectionClosedError extends Error {
  override readonly name = "ConnectionClosedError";

  constructor() {
    super(l10n.t("The connection was closed. Open it again."));
  }
}
