import { commands, window } from "vscode";
import type { ErrorAction } from "./error-action.ts";
import { plainText } from "./plain-text.ts";

/** A notification of something that has gone wrong, with a button for each action. */
export const offer = (sentence: string, actions: readonly ErrorAction[]): Promise<void> =>
  answered((...titles) => window.showErrorMessage(plainText(sentence), ...titles), actions);

/** A notification of what can be done next, with a button for each action. */
export const suggest = (sentence: string, actions: readonly ErrorAction[]): Promise<void> =>
  answered((...titles) => window.showInformationMessage(plainText(sentence), ...titles), actions);

async function answered(
  show: (...titles: readonly string[]) => Thenable<string | undefined>,
  actions: readonly ErrorAction[],
): Promise<void> {
  const chosen = await show(...actions.map(({ title }) => title));
  const action = actions.find(({ title }) => title === chosen);
  if (action !== undefined) await commands.executeCommand(action.command, ...action.arguments);
}
