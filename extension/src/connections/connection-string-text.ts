import * as l10n from "@vscode/l10n";
import type { ConnectionStringProblem, OptionValue } from "./connection-string.ts";

/** A problem of a connection string as a sentence with the remedy. */
export function connectionStringProblemText(problem: ConnectionStringProblem): string {
  switch (problem.kind) {
    case "empty":
      return l10n.t("Enter a connection string, such as esdb://localhost:2113?tls=false.");
    case "scheme":
      return l10n.t("A connection string begins with esdb:// or kurrentdb://, or esdb+discover:// for a cluster.");
    case "web-address":
      return l10n.t("This is the address of a web page. Write esdb:// in place of its beginning.");
    case "tcp":
      return l10n.t("The TCP protocol is not spoken any more. Write esdb:// in place of tcp://.");
    case "host":
      return l10n.t("Character {0}: a host is missing here, or is not written as HOST or HOST:PORT.", problem.from + 1);
    case "port":
      return l10n.t("Character {0}: the port is not a number up to 65535.", problem.from + 1);
    case "login":
      return l10n.t("Character {0}: the login is missing before the @.", problem.from + 1);
    case "escape":
      return l10n.t(
        "Character {0}: a % is not followed by two hexadecimal digits. Write %25 for the sign itself.",
        problem.from + 1,
      );
    case "question-mark":
      return l10n.t("Character {0}: write a ? in a login or password as %3F.", problem.from + 1);
    case "unclosed-placeholder":
      return l10n.t("Character {0}: write an environment variable like ${env:NAME}.", problem.from + 1);
    case "value":
      return valueText(problem.option, problem.takes, problem.from);
    case "half-certificate":
      return l10n.t("A certificate and its key belong together: add {0}, too.", problem.missing);
    case "unknown-option":
      return l10n.t("Character {0}: there is no option {1}; it has no effect.", problem.from + 1, problem.option);
    case "login-without-tls":
      return l10n.t("A login is sent over TLS only: with tls=false the server will not hear of it.");
    case "certificate-not-verified":
      return l10n.t(
        "The server's certificate is not verified: anybody could be it. Name its authority by tlsCAFile instead.",
      );
  }
}

function valueText(option: string, takes: OptionValue, from: number): string {
  if (takes === "text") return l10n.t("Character {0}: {1} needs a value.", from + 1, option);
  if (takes === "number") return l10n.t("Character {0}: {1} takes a number.", from + 1, option);
  return l10n.t("Character {0}: {1} takes one of {2}.", from + 1, option, takes.join(", "));
}
