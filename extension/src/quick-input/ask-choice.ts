import { type QuickPickItem, QuickInputButtons, window } from "vscode";
import { BACK, type StepPosition } from "./run-steps.ts";

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
  const { promise, resolve } = Promise.withResolvers<{ readonly value: T } | typeof BACK | undefined>();
  const pick = window.createQuickPick<Choice<T>>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.items = choices;
  pick.matchOnDescription = true;
  pick.step = position?.step;
  pick.totalSteps = position?.totalSteps;
  if (position !== undefined && position.step > 1) pick.buttons = [QuickInputButtons.Back];
  pick.activeItems = choices.filter(({ value }) => value === active);
  pick.onDidTriggerButton(() => {
    resolve(BACK);
    pick.hide();
  });
  pick.onDidAccept(() => {
    const [chosen] = pick.selectedItems;
    if (chosen === undefined) return;
    resolve(chosen);
    pick.hide();
  });
  pick.onDidHide(() => {
    resolve(undefined);
    pick.dispose();
  });
  pick.show();
  return promise;
}
