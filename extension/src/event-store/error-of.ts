import * as l10n from "@vscode/l10n";
import {
  ConnectionClosedError,
  AccessDeniedError,
  CertificateNotTrustedError,
  ConnectionStringError,
  LoginRefusedError,
  ServerAnsweredError,
  ServerUnreachableError,
  StreamDeletedError,
  StreamNotFoundError,
  SubscriptionDroppedError,
  WrongExpectedRevisionError,
} from "./errors.ts";
import type { Failure } from "./failure.ts";

/** The error for a failure: its class, and a sentence with the remedy in the user's language. */
export function errorOf(failure: Failure): Error {
  const { cause } = failure;
  switch (failure.kind) {
    case "unreachable":
      return new ServerUnreachableError(
        l10n.t("No server answers at {0}: {1}. Start it, or correct the connection.", failure.at, failure.reason),
        { cause },
      );
    case "no-tls":
      return new ServerUnreachableError(
        l10n.t(
          "The server at {0} does not speak TLS. Add tls=false to the connection string if that is intended.",
          failure.at,
        ),
        { cause },
      );
    case "only-tls":
      return new ServerUnreachableError(
        l10n.t(
          "The server at {0} hangs up at once. If it wants TLS, remove tls=false from the connection string.",
          failure.at,
        ),
        { cause },
      );
    case "certificate-unknown":
      return new CertificateNotTrustedError(
        l10n.t(
          "The certificate of {0} is not trusted here: {1}. Name the file of its authority by tlsCAFile in the connection string.",
          failure.at,
          failure.reason,
        ),
        { cause },
      );
    case "certificate-for-another":
      return new CertificateNotTrustedError(
        l10n.t("The certificate that {0} shows is for another name. Connect by a name that it is for.", failure.at),
        { cause },
      );
    case "certificate-expired":
      return new CertificateNotTrustedError(
        l10n.t("The certificate of {0} is not valid today. Renew it, or set this machine's clock right.", failure.at),
        { cause },
      );
    case "login-missing":
      return new LoginRefusedError(l10n.t("The server wants a login. Give the connection one."), { cause });
    case "login-refused":
      return new LoginRefusedError(
        l10n.t(
          "The server refuses the login {0}: the password is wrong or has expired, or the user is disabled. Enter the password again.",
          failure.login,
        ),
        { cause },
      );
    case "access-denied":
      return new AccessDeniedError(accessDenied(failure.login, failure.source), { cause });
    case "stream-not-found":
      return new StreamNotFoundError(
        l10n.t("There is no stream {0}, or all of its events are deleted or truncated.", failure.stream),
        { cause },
      );
    case "stream-deleted":
      return new StreamDeletedError(l10n.t("The stream {0} was deleted for ever. Use another name.", failure.stream), {
        cause,
      });
    case "subscription-dropped":
      return new SubscriptionDroppedError(
        l10n.t(
          "The server no longer tells what is written to {0}: it came faster than it was taken. Follow it again.",
          failure.source,
        ),
        { cause },
      );
    case "wrong-expected-revision":
      return new WrongExpectedRevisionError(
        l10n.t(
          "Nothing was written: the stream {0} is expected at {1} and stands at {2}. Read it again, then write.",
          failure.stream,
          failure.expected,
          failure.actual === undefined ? l10n.t("nothing") : String(failure.actual),
        ),
        failure.actual,
        { cause },
      );
    case "not-written":
      return new ServerAnsweredError(
        l10n.t(
          "The server does not say that the events are written. Read the stream again before you write them anew.",
        ),
        { cause },
      );
    case "append-too-large":
      return new ServerAnsweredError(
        l10n.t("The server takes at most {0} bytes at once. Write less, or in several goes.", failure.limit),
        { cause },
      );
    case "not-leader":
      return new ServerAnsweredError(
        l10n.t("This server does not lead its cluster. Connect with esdb+discover:// or to the one that leads."),
        { cause },
      );
    case "closed":
      return new ConnectionClosedError();
    case "connection-string":
      return new ConnectionStringError(failure.reason, { cause });
    case "answered":
      return new ServerAnsweredError(l10n.t("The server answered: {0}", failure.reason), { cause });
  }
}

function accessDenied(login: string | undefined, source: string | undefined): string {
  const who = login ?? l10n.t("a caller without a login");
  return source === undefined
    ? l10n.t("The server does not let {0} do that. Connect with a login that may.", who)
    : l10n.t("The server does not let {0} do that with {1}. Connect with a login that may.", who, source);
}
