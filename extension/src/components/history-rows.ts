import type { HistoryEntry } from "@sluice/transport/deploy";
import * as l10n from "@vscode/l10n";
import { localTime } from "../events/time.ts";
import type { ComponentRow } from "./component-row.ts";
import { changeWord, doneStepText } from "./component-words.ts";

/** The deployments of a component, the last one first. @param parent the row they stand under. Pure. */
export function historyRows(parent: ComponentRow, entries: readonly HistoryEntry[]): readonly ComponentRow[] {
  const { connectionId, component } = parent;
  return entries.map((entry) => {
    const { deployment, change, by, begun, outcome, steps, reason } = entry;
    return {
      id: `${parent.id} ${deployment}`,
      connectionId,
      ...(component === undefined ? {} : { component }),
      label:
        outcome === "completed" ? changeWord(change) : l10n.t("{0}: {1}", changeWord(change), outcomeWord(outcome)),
      description: localTime(begun),
      tooltip: [
        l10n.t("begun {0}", localTime(begun)),
        ...(entry.ended === undefined ? [] : [l10n.t("ended {0}", localTime(entry.ended))]),
        l10n.t("by {0}", by.join(", ")),
        ...(reason === undefined ? [] : [reason]),
        ...steps.map(doneStepText),
      ],
      icon: outcome === "completed" ? "check" : outcome === "failed" ? "error" : "sync",
      ...(outcome === "failed" ? { color: "list.errorForeground" } : {}),
      contextValue: ";deployment;",
    };
  });
}

function outcomeWord(outcome: "failed" | "open"): string {
  return outcome === "failed" ? l10n.t("failed") : l10n.t("not ended");
}
