import * as l10n from "@vscode/l10n";
import type { FlowEvent, Parking } from "../schemas.ts";
import type { CausedEvent, Problem } from "./causes.ts";
import type { FlowNode } from "./flow-tree.ts";

/** What is said of a node wherever it stands: in boxes, tables and files. */
export function nodeName(node: FlowNode): string {
  switch (node.kind) {
    case "event":
      return node.caused.event.type;
    case "group":
      return `${node.type} × ${node.members.length}`;
    case "missing":
      return l10n.t("Not found: {0}", node.id);
    case "link":
      return l10n.t("Link {0} of {1}", node.link.revision, node.link.stream);
  }
}

/** What an observer must know of an event besides its name; empty where all went well. */
export function remarksOf({ event, problems }: CausedEvent, parkings: readonly Parking[]): readonly string[] {
  return [...parkings.map(parkingText), ...copyRemarks(event), ...problems.map(problemText)];
}

export function parkingText({ component, exception, message, state }: Parking): string {
  const what = message === "" ? exception : `${exception}: ${message}`;
  switch (state) {
    case "parked":
      return l10n.t("Parked by {0}: {1}", component, what);
    case "retried":
      return l10n.t("Parked by {0}, then retried: {1}", component, what);
    case "edited":
      return l10n.t("Parked by {0}, then edited and retried: {1}", component, what);
    case "archived":
      return l10n.t("Parked by {0}, then archived: {1}", component, what);
  }
}

/** Whether something failed here that nobody has done anything about. */
export function hasFailed(parkings: readonly Parking[]): boolean {
  return parkings.some(({ state }) => state === "parked");
}

function copyRemarks({ delayedRetries = 0, replays = 0, lastFailure }: FlowEvent): readonly string[] {
  const after = lastFailure ?? "";
  return [
    ...(delayedRetries > 0 ? [l10n.t("Delayed retry {0}, after {1}", delayedRetries, after)] : []),
    ...(replays > 0 && delayedRetries === 0 ? [l10n.t("Retried by a person, after {0}", after)] : []),
  ];
}

export function problemText(problem: Problem): string {
  switch (problem.kind) {
    case "missing-cause":
      return l10n.t("Caused by {0}, which was not found", problem.id);
    case "several-causes":
      return l10n.t("Its cause was stored more than once, also as {0}", problem.keys.join(", "));
    case "cycle":
      return l10n.t("Says that it was caused by {0}, which it has led to itself", problem.id);
    case "before-its-cause":
      return l10n.t("Lies before its cause in the log");
    case "clocks-differ":
      return l10n.t("Its time is before its cause's: the servers' clocks differ");
  }
}
