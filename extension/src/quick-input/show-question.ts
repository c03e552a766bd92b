import { type InputBox, QuickInputButtons, type QuickPick, type QuickPickItem } from "vscode";
import { BACK, type StepPosition } from "./run-steps.ts";

/**
 * Shows a question at its place among others, with the way back where there is one before it. What was entered so far
 * survives a look at another window, and a menu that gives back the focus after its command has asked already.
 *
 * @param accepted The answer as it stands; undefined where it is none yet, and the question stays.
 * @returns undefined where the user gives up.
 */
export function showQuestion<Answer>(
  input: InputBox | QuickPick<QuickPickItem>,
  position: StepPosition | undefined,
  accepted: () => Answer | undefined,
): Promise<Answer | typeof BACK | undefined> {
  const { promise, resolve } = Promise.withResolvers<Answer | typeof BACK | undefined>();
  const end = (answer: Answer | typeof BACK): void => {
    resolve(answer);
    input.hide();
  };
  input.ignoreFocusOut = true;
  input.step = position?.step;
  input.totalSteps = position?.totalSteps;
  if (position !== undefined && position.step > 1) input.buttons = [QuickInputButtons.Back];
  input.onDidTriggerButton(() => end(BACK));
  input.onDidAccept(() => {
    const answer = accepted();
    if (answer !== undefined) end(answer);
  });
  input.onDidHide(() => {
    resolve(undefined);
    input.dispose();
  });
  input.show();
  return promise;
}
