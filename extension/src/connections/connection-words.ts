import * as l10n from "@vscode/l10n";
import type { Capability, Color, ConnectionState, Policy } from "./connection.ts";

/** A policy in the user's language. */
export function policyWord(policy: Policy): string {
  switch (policy) {
    case "read-write":
      return l10n.t("read and write");
    case "confirm":
      return l10n.t("ask before writing");
    case "read-only":
      return l10n.t("read-only");
  }
}

export function policyExplanation(policy: Policy): string {
  switch (policy) {
    case "read-write":
      return l10n.t("Commands write without a question: for the embedded server and for development");
    case "confirm":
      return l10n.t("Each write is asked for, with the stream and the connection named");
    case "read-only":
      return l10n.t("Nothing is written, whatever the login may do: for production");
  }
}

export function colorWord(color: Color): string {
  switch (color) {
    case "red":
      return l10n.t("red");
    case "orange":
      return l10n.t("orange");
    case "yellow":
      return l10n.t("yellow");
    case "green":
      return l10n.t("green");
    case "blue":
      return l10n.t("blue");
    case "purple":
      return l10n.t("purple");
  }
}

export function capabilityWord(capability: Capability): string {
  switch (capability) {
    case "persistent-subscriptions":
      return l10n.t("persistent subscriptions");
    case "projections":
      return l10n.t("projections");
    case "users":
      return l10n.t("users");
    case "operations":
      return l10n.t("operations");
    case "monitoring":
      return l10n.t("monitoring");
  }
}

/** A state in a word or two; why it has failed is for more room than that. */
export function stateWord(state: ConnectionState): string {
  switch (state.kind) {
    case "closed":
      return l10n.t("not connected");
    case "opening":
      return l10n.t("connecting");
    case "open":
      return l10n.t("connected");
    case "failed":
      return state.isRetried === true ? l10n.t("server not there, looking for it") : l10n.t("failed");
  }
}
