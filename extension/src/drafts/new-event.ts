import * as l10n from "@vscode/l10n";
import type { ErrorAction } from "../notifications/error-action.ts";

/** The command that opens a draft of an event for a connection; its stream is yet to be named. */
export const NEW_EVENT_COMMAND = "sluice.newEvent";

export const newEventAction = (connectionId: string): ErrorAction => ({
  title: l10n.t("Append Event…"),
  command: NEW_EVENT_COMMAND,
  arguments: [connectionId],
});
