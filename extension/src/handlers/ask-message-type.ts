import * as l10n from "@vscode/l10n";
import { InputBoxValidationSeverity } from "vscode";
import { askText } from "../quick-input/ask-text.ts";
import type { BACK } from "../quick-input/run-steps.ts";
import type { MessageKind, WorkspaceModel } from "../workspace-model/declarations.ts";
import type { nameProblem } from "./name-problem.ts";

/** Names, which are the same in every language. */
export const EXAMPLES = {
  component: "sales",
  category: "order",
  view: "totals",
  command: "sales.PlaceOrder",
  event: "sales.OrderPlaced",
  reply: "sales.OrderAccepted",
};

/** The title of all questions about a new handler. */
export const title = (): string => l10n.t("New Handler");

/** Asks for the type of a message that is not declared yet. */
export function askType(
  { model, nameProblem: problemOf }: { readonly model: WorkspaceModel; readonly nameProblem: typeof nameProblem },
  kind: MessageKind,
  component: string | undefined,
  step: number,
  totalSteps: number,
): Promise<string | typeof BACK | undefined> {
  return askText({
    title: title(),
    prompt:
      kind === "command"
        ? l10n.t("The command's type: the component that owns it, a dot, and what is to be done")
        : l10n.t("The message's type: where it comes from, a dot, and what has happened"),
    placeholder: EXAMPLES[kind],
    value: component === undefined ? "" : `${component}.`,
    validate: refusing((type) =>
      model.messages.some((message) => message.type === type)
        ? l10n.t("There is a message of this type already.")
        : (problemOf("message", type) ?? (kind === "command" ? problemOf("component", ownerOf(type)) : undefined)),
    ),
    position: { step, totalSteps: Math.max(step, totalSteps) },
  });
}

/** The component that a command's type names as its owner. */
export const ownerOf = (type: string): string => type.slice(0, Math.max(0, type.lastIndexOf(".")));

/** An input is refused where there is a problem with it. */
export const refusing =
  (problem: (text: string) => string | undefined) =>
  (text: string): { readonly message: string; readonly severity: InputBoxValidationSeverity } | undefined => {
    const message = problem(text.trim());
    return message === undefined ? undefined : { message, severity: InputBoxValidationSeverity.Error };
  };
