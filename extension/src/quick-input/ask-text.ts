import { type InputBoxValidationMessage, InputBoxValidationSeverity, window } from "vscode";
import type { BACK, StepPosition } from "./run-steps.ts";
import { showQuestion } from "./show-question.ts";

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

/** Undefined where the user gives up. */
export function askText(question: TextQuestion): Promise<string | typeof BACK | undefined> {
  const { title, prompt, placeholder, value = "", isPassword = false, validate, position } = question;
  const input = window.createInputBox();
  input.title = title;
  input.prompt = prompt;
  input.placeholder = placeholder;
  input.value = value;
  input.password = isPassword;
  const show = (): boolean => {
    const problem = validate?.(input.value);
    input.validationMessage = problem;
    return problem === undefined || problem.severity !== InputBoxValidationSeverity.Error;
  };
  // An empty box is no mistake yet.
  input.onDidChangeValue(() => void show());
  return showQuestion(input, position, () => (show() ? input.value : undefined));
}
