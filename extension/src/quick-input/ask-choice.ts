import { type QuickPickItem, window } from "vscode";
import type { BACK, StepPosition } from "./run-steps.ts";
import { showQuestion } from "./show-question.ts";

export interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

export interface ChoiceQuestion<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
  /** The one that is there already, or is the likeliest. */
  readonly active?: T | undefined;
  /** Undefined for a question that stands alone. */
  readonly position?: StepPosition;
}

/** Undefined where the user gives up. */
export function askChoice<T>(question: ChoiceQuestion<T>): Promise<{ readonly value: T } | typeof BACK | undefined> {
  const { title, placeholder, choices, active, position } = question;
  const pick = window.createQuickPick<Choice<T>>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.items = choices;
  pick.matchOnDescription = true;
  pick.activeItems = choices.filter(({ value }) => value === active);
  return showQuestion(pick, position, () => pick.selectedItems[0]);
}
