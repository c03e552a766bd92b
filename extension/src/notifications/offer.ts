import { commands, window } from "vscode";
import type { ErrorAction } from "./error-action.ts";

/** A notification of something that has gone wrong, with a button for each action. */
export async function offer(sentence: string, actions: readonly ErrorAction[]): Promise<void> {
  const chosen = await window.showErrorMessage(sentence, ...actions.map(({ title }) => title));
  const action = actions.find(({ title }) => title === chosen);
  if (action !== undefined) await commands.executeCommand(action.command, ...action.arguments);
}
