import * as l10n from "@vscode/l10n";

/** What a connection refuses by itself, before a server is asked. */

/** The connection was removed; what referred to it cannot go on. */
export class ConnectionGoneError extends Error {
  override readonly name = "ConnectionGoneError";
  readonly id: string;

  constructor(id: string) {
    super(l10n.t("This connection is gone: it was removed. Choose another one."));
    this.id = id;
  }
}

/** The embedded server was stopped, and nobody has started it again. */
export class ServerStoppedError extends Error {
  override readonly name = "ServerStoppedError";

  constructor() {
    super(l10n.t("The embedded server is stopped. Start it."));
  }
}

/** The policy of the connection forbids all that writes. Nothing was written. */
export class WriteRefusedError extends Error {
  override readonly name = "WriteRefusedError";

  constructor(connection: string, what: string) {
    super(
      l10n.t(
        '{0}: refused, since "{1}" is read-only. Change its policy, or choose another connection.',
        what,
        connection,
      ),
    );
  }
}

/** The user was asked, and said no. Nothing was written, and nobody needs to be told. */
export class WriteCanceledError extends Error {
  override readonly name = "WriteCanceledError";

  constructor(what: string) {
    super(l10n.t("{0}: canceled.", what));
  }
}

/** A login without its password: there is nothing yet that could be sent. */
export class PasswordMissingError extends Error {
  override readonly name = "PasswordMissingError";
  readonly login: string;

  constructor(login: string) {
    super(l10n.t("There is no password yet for the login {0}. Enter it.", login));
    this.login = login;
  }
}

/** What this host cannot do: a browser has no sockets. */
export class NotOfferedHereError extends Error {
  override readonly name = "NotOfferedHereError";

  constructor() {
    super(
      l10n.t(
        "A browser cannot reach a server by gRPC. Open this folder in VS Code on the desktop, or on a remote machine.",
      ),
    );
  }
}
