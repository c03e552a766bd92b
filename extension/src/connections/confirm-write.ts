import * as l10n from "@vscode/l10n";
import { window } from "vscode";
import { serversOf } from "./connection-string.ts";
import type { RegistryOptions } from "./connection-registry.ts";

/** The question before a write, where the policy or what is written wants one. */
export const confirmWrite: RegistryOptions["confirmWrite"] = async ({ name, connectionString }, { what, question }) => {
  const write = question?.button ?? l10n.t("Write");
  const where = l10n.t("This writes to {0} ({1}).", name, serversOf(connectionString));
  const answer = await window.showWarningMessage(
    l10n.t("{0}?", what),
    { modal: true, detail: [where, ...(question?.lines ?? [])].join("\n") },
    write,
  );
  return answer === write;
};
