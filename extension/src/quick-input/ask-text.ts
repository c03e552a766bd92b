import { type InputBoxValidationMessage, InputBoxValidationSeverity, QuickInputButtons, window } from "vscode";
import { BACK, type StepPosition } from "./run-steps.ts";

export interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly isPassword?: boolean;
  /** Asked as it is typed. Only an error keeps the user from going on. Default: anything will do. */
  readonly validate?: (value: string) => InputBoxValidationMessage | undefined;
  /** Undefined for a question that stands alone. */
  readonly position?: StepPosition;
}

/** Undefined where the user gives up. What is half entered survives a look at another window. */
export function askText(question: TextQuestion): Promise<string | typeof BACK | undefined> {
  const { title, prompt, placeholder, value = "", isPassword = false, validate, position } = question;
  const { promise, resolve } = Promise.withResolvers<string | typeof BACK | undefined>();
  const input = window.createInputBox();
  input.title = title;
  input.prompt = prompt;
  input.placeholder = placeholder;
  input.value = value;
  input.password = isPassword;
  input.ignoreFocusOut = true;
  input.step = position?.step;
  input.totalSteps = position?.totalSteps;
  if (position !== undefined && position.step > 1) input.buttons = [QuickInputButtons.Back];
  const show = (): boolean => {
    const problem = validate?.(input.value);
    input.validationMessage = problem;
    return problem === undefined || problem.severity !== InputBoxValidationSeverity.Error;
  };
  // An empty box is no mistake yet.
  input.onDidChangeValue(() => void show());
  input.onDidTriggerButton(() => {
    resolve(BACK);
    input.hide();
  });
  input.onDidAccept(() => {
    if (!show()) return;
    resolve(input.value);
    input.hide();
  });
  input.onDidHide(() => {
    resolve(undefined);
    input.dispose();
  });
  input.show();
  return promise;
}
