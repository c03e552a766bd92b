import * as l10n from "@vscode/l10n";
import type { MessageKind } from "../workspace-model/declarations.ts";
import type { NewHandlerKind } from "./generate/request.ts";
import type { TypeCount } from "./seen/type-count.ts";

/** A kind of handler in the user's words. */
export function kindWord(kind: NewHandlerKind): string {
  switch (kind) {
    case "command-handler":
      return l10n.t("Command handler");
    case "event-subscription":
      return l10n.t("Event subscription");
    case "reply-handler":
      return l10n.t("Reply handler");
    case "receptor":
      return l10n.t("Receptor");
    case "aggregate":
      return l10n.t("Aggregate");
    case "process-manager":
      return l10n.t("Process manager");
    case "gateway":
      return l10n.t("Gateway");
    case "view":
      return l10n.t("View");
  }
}

/** What a kind of handler is for. */
export function kindExplanation(kind: NewHandlerKind): string {
  switch (kind) {
    case "command-handler":
      return l10n.t("does what a command asks for");
    case "event-subscription":
      return l10n.t("does something because of an event");
    case "reply-handler":
      return l10n.t("takes the answer to a command");
    case "receptor":
      return l10n.t("turns an event into commands, as a pure function");
    case "aggregate":
      return l10n.t("decides on commands by the events of its own stream");
    case "process-manager":
      return l10n.t("correlates messages over time, with a stream of its own");
    case "gateway":
      return l10n.t("turns a process manager's events into commands");
    case "view":
      return l10n.t("folds published events into a state in memory");
  }
}

/** Asks for a message of one of these kinds. */
export function messageQuestion([kind, other]: readonly MessageKind[]): string {
  if (other !== undefined) return l10n.t("Which message?");
  if (kind === "command") return l10n.t("Which command?");
  return kind === "event" ? l10n.t("Which event?") : l10n.t("Which reply?");
}

export function newMessageWord(kind: MessageKind): string {
  if (kind === "command") return l10n.t("New Command…");
  return kind === "event" ? l10n.t("New Event Type…") : l10n.t("New Reply…");
}

/** How many events of a type there are. */
export function countText({ events, isWhole }: TypeCount): string {
  if (!isWhole) return l10n.t("{0}+ events", events.toLocaleString());
  return events === 1 ? l10n.t("1 event") : l10n.t("{0} events", events.toLocaleString());
}
