import type { ObservedProjection, ServerObservation } from "@sluice/transport/deploy";
import * as l10n from "@vscode/l10n";
import type { ComponentRow, MakeRow } from "./component-row.ts";
import type { ComponentStatus } from "./component-status.ts";
import { problemSentence } from "./component-words.ts";

/** A projection that belongs to a component. Pure. */
export function projectionRow(
  { name, kind, owner, status, isSuperseded }: ObservedProjection,
  { name: component, problems }: ComponentStatus,
  { statuses }: Pick<ServerObservation, "statuses">,
  row: MakeRow,
): ComponentRow {
  const own = problems.filter(({ projection }) => projection === name);
  const why = own[0]?.why;
  const word =
    statuses === undefined
      ? l10n.t("not known")
      : status === undefined
        ? l10n.t("deleted")
        : why === "edited" || why === "foreign"
          ? l10n.t("edited by hand")
          : projectionWord(status.state);
  const isBad = why === "faulted" || why === "missing";
  const described = [
    word,
    ...(isSuperseded ? [l10n.t("an earlier one, left behind")] : []),
    ...(status?.state === "faulted" && status.reason !== "" ? [status.reason] : []),
  ];
  return row(`projection ${name}`, {
    label: projectionLabel(kind, owner, component),
    description: described.join(" · "),
    tooltip: [
      name,
      ...(status === undefined ? [] : [l10n.t("The server says: {0}", status.status)]),
      ...(status === undefined || status.reason === "" ? [] : [status.reason]),
      ...own.map(problemSentence),
    ],
    icon: isBad ? "error" : why === undefined ? (kind === "filter" ? "filter" : "split-horizontal") : "warning",
    ...(isBad ? { color: "list.errorForeground" } : why === undefined ? {} : { color: "list.warningForeground" }),
    contextValue: `;projection;${kind.replace(" ", "-")};`,
  });
}

function projectionLabel(kind: ObservedProjection["kind"], owner: string, component: string): string {
  switch (kind) {
    case "router":
      return owner === component ? l10n.t("Router") : l10n.t("Router of {0}", owner);
    case "category router":
      return l10n.t("Router of {0}", owner);
    case "filter":
      return l10n.t("Filter");
    case "backfill":
      return l10n.t("Backfill");
  }
}

function projectionWord(state: "running" | "stopped" | "aborted" | "faulted" | "changing"): string {
  switch (state) {
    case "running":
      return l10n.t("running");
    case "stopped":
      return l10n.t("stopped");
    case "aborted":
      return l10n.t("aborted");
    case "faulted":
      return l10n.t("faulted");
    case "changing":
      return l10n.t("changing");
  }
}
