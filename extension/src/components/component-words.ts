import type { Change, DeployStep, PlannedStep, Problem } from "@sluice/transport/deploy";
import * as l10n from "@vscode/l10n";
import type { ComponentState } from "./component-status.ts";

/** A state in a word or two. */
export function stateWord(state: ComponentState): string {
  switch (state) {
    case "faulted":
      return l10n.t("faulted");
    case "standing-still":
      return l10n.t("standing still");
    case "interrupted":
      return l10n.t("being deployed");
    case "missing":
      return l10n.t("not deployed");
    case "drifted":
      return l10n.t("drifted");
    case "unreadable":
      return l10n.t("declaration not readable");
    case "only-on-server":
      return l10n.t("only on the server");
    case "deployed":
      return l10n.t("deployed");
  }
}

/** What a state means and what helps, in a sentence. */
export function stateSentence(state: ComponentState): string {
  switch (state) {
    case "faulted":
      return l10n.t("A projection has faulted, and messages wait before it. Repair puts a new one in its place.");
    case "standing-still":
      return l10n.t("Somebody has stopped a projection. It stays so until it is enabled on the server.");
    case "interrupted":
      return l10n.t(
        "A deployment was begun and has not ended. If whoever began it is gone, the next deployment goes on with it.",
      );
    case "missing":
      return l10n.t("Declared in the workspace, and not on this server. Deploy it.");
    case "drifted":
      return l10n.t("What is on the server is not what the workspace declares. Show Plan says in what.");
    case "unreadable":
      return l10n.t("Declared in the workspace in a way that cannot be read here, so nothing is compared.");
    case "only-on-server":
      return l10n.t("On the server, and not declared in this workspace.");
    case "deployed":
      return l10n.t("Everything runs as it was deployed.");
  }
}

/** Why a projection does not run as it was deployed, with what helps. */
export function problemSentence({ projection, why, reason }: Problem): string {
  switch (why) {
    case "faulted":
      return l10n.t("{0} has faulted: {1}. Repair puts a new one in its place.", projection, reason);
    case "edited":
      return l10n.t("{0} was edited by hand. Put the edit into the declaration, then repair.", projection);
    case "foreign":
      return l10n.t("{0} has a text that was not generated for this component.", projection);
    case "stopped":
      return l10n.t("{0} was stopped by somebody ({1}). Enable it on the server.", projection, reason);
    case "missing":
      return l10n.t("{0} was deleted. Deploying puts the next generation in its place.", projection);
  }
}

/** What a step of a plan would do. */
export function plannedStepText({ kind, name, action, subscribes, unsubscribes }: PlannedStep): string {
  const what = {
    group: l10n.t("group {0}", name),
    projection: l10n.t("projection {0}", name),
    acl: l10n.t("rights on {0}", name),
  }[kind];
  const added = Object.entries(subscribes ?? {}).map(([pattern, from]) =>
    from === "start" ? l10n.t("{0} from the start", pattern) : l10n.t("{0} from now on", pattern),
  );
  const details = [
    ...(added.length === 0 ? [] : [l10n.t("subscribe to {0}", added.join(", "))]),
    ...(unsubscribes === undefined ? [] : [l10n.t("no longer subscribe to {0}", unsubscribes.join(", "))]),
  ];
  const done = { create: l10n.t("create"), update: l10n.t("update"), remove: l10n.t("remove") }[action];
  return `${done} ${what}${details.length === 0 ? "" : `: ${details.join("; ")}`}`;
}

/** What was done by a step. */
export function doneStepText({ name, action }: DeployStep): string {
  switch (action) {
    case "created":
      return l10n.t("created {0}", name);
    case "updated":
      return l10n.t("updated {0}", name);
    case "started":
      return l10n.t("started {0}", name);
    case "stopped":
      return l10n.t("stopped {0}", name);
    case "removed":
      return l10n.t("removed {0}", name);
    case "unchanged":
      return l10n.t("left {0} as it was", name);
  }
}

/** What a deployment was to do. */
export function changeWord({ kind }: Change): string {
  switch (kind) {
    case "deploy":
      return l10n.t("deployed");
    case "prune":
      return l10n.t("pruned");
    case "repair":
      return l10n.t("repaired");
    case "retire":
      return l10n.t("retired");
  }
}
