import * as l10n from "@vscode/l10n";
import { window } from "vscode";
import { serversOf } from "./connection-string.ts";
import type { RegistryOptions } from "./connection-registry.ts";

/** The question before a write, where the policy wants one. */
export const confirmWrite: RegistryOptions["confirmWrite"] = async ({ name, connectionString }, { what }) => {
  const write = l10n.t("Write");
  const answer = await window.showWarningMessage(
    l10n.t("{0}?", what),
    { modal: true, detail: l10n.t("This writes to {0} ({1}).", name, serversOf(connectionString)) },
    write,
  );
  return answer === write;
};
