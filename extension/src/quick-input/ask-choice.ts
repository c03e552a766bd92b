import { type QuickPick, type QuickPickItem, QuickPickItemKind, window } from "vscode";
import type { BACK, StepPosition } from "./run-steps.ts";
import { showQuestion } from "./show-question.ts";

export interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

/** A line between choices, with words of its own. */
export interface Separator extends QuickPickItem {
  readonly kind: QuickPickItemKind.Separator;
}

export const separator = (label: string): Separator => ({ label, kind: QuickPickItemKind.Separator });

export interface ChoiceQuestion<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly (Choice<T> | Separator)[];
  /** Further ones, which take a while. The signal ends with the question; what fails gives none. */
  readonly later?: (signal: AbortSignal) => Promise<readonly (Choice<T> | Separator)[]>;
  /** The one that is there already, or is the likeliest. */
  readonly active?: T | undefined;
  /** Undefined for a question that stands alone. */
  readonly position?: StepPosition;
}

/** Undefined where the user gives up. */
export function askChoice<T>(question: ChoiceQuestion<T>): Promise<{ readonly value: T } | typeof BACK | undefined> {
  const { title, placeholder, choices, later, active, position } = question;
  const pick = window.createQuickPick<Choice<T> | Separator>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.items = choices;
  pick.matchOnDescription = true;
  // Without one VS Code goes to the first; told that there is none, it goes nowhere.
  const known = choices.filter((choice) => "value" in choice && choice.value === active);
  if (known.length > 0) pick.activeItems = known;
  if (later !== undefined) void addLater(pick, later);
  return showQuestion(pick, position, () => {
    const [chosen] = pick.selectedItems;
    return chosen !== undefined && "value" in chosen ? chosen : undefined;
  });
}

async function addLater<T>(
  pick: QuickPick<Choice<T> | Separator>,
  later: NonNullable<ChoiceQuestion<T>["later"]>,
): Promise<void> {
  const ended = new AbortController();
  pick.onDidHide(() => ended.abort());
  pick.busy = true;
  try {
    const further = await later(ended.signal);
    if (ended.signal.aborted) return;
    const { activeItems, value } = pick;
    pick.items = [...pick.items, ...further];
    // Where something was typed, VS Code goes to the best of those that fit.
    if (value !== "" || activeItems.length === 0) return;
    pick.activeItems = activeItems;
    // The window may know already of what is typed, and hide what was active: then nothing would be for Enter.
    const typing = pick.onDidChangeValue(() => {
      typing.dispose();
      pick.items = [...pick.items];
    });
  } finally {
    pick.busy = false;
  }
}
