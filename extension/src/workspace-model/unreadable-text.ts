import * as l10n from "@vscode/l10n";
import type { UnreadableReason, Wanted } from "./unreadable.ts";

/** Why something cannot be told from the sources alone, as a sentence. */
export function unreadableText(reason: UnreadableReason): string {
  switch (reason.kind) {
    case "not-constant":
      return l10n.t("This is made while the program runs.");
    case "parameter":
      return l10n.t("{0} is a parameter: it differs from call to call.", reason.name);
    case "changing":
      return l10n.t("{0} is a variable that changes.", reason.name);
    case "unknown-name":
      return l10n.t(
        "Nothing in the sources declares {0}: what it is, is known only while the program runs.",
        reason.name,
      );
    case "outside":
      return l10n.t("{0} is not among the sources of this workspace.", reason.module);
    case "not-exported":
      return l10n.t("{0} does not export {1}.", reason.module.replace(/^.*\//, ""), reason.name);
    case "conditional":
      return l10n.t("It is declared under a condition, in a loop, or in a function that is called elsewhere.");
    case "handed-on":
      return l10n.t("What declares is handed to something that cannot be followed.");
    case "wrong-owner":
      return l10n.t("The command {0} belongs to the component {1}.", reason.type, reason.owner);
    case "declared-twice":
      return l10n.t("{0} is the name of another component or category already.", reason.name);
    case "refused":
      return reason.sentence;
    case "unexpected":
      return l10n.t("Something else is wanted here: {0}", wantedText(reason.wanted));
  }
}

function wantedText(wanted: Wanted): string {
  switch (wanted) {
    case "text":
      return l10n.t("a text");
    case "number":
      return l10n.t("a number");
    case "options":
      return l10n.t("options, written out");
    case "message":
      return l10n.t("a definition of a message");
    case "function":
      return l10n.t("a function of this workspace");
    case "aggregate":
      return l10n.t("an aggregate");
    case "process-manager":
      return l10n.t("a process manager");
    case "view":
      return l10n.t("a view");
    case "list":
      return l10n.t("a list, written out");
    case "from":
      return l10n.t("now or start");
  }
}
