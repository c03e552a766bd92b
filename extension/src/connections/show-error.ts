import { commands, window } from "vscode";
import type { Connection } from "./connection.ts";
import { type ErrorAction, presentError } from "./error-presentation.ts";

/** Shows what has gone wrong in a notification, with buttons that lead to the remedy. */
export async function showError(error: unknown, connection?: Connection): Promise<void> {
  const { sentence, actions, isSilent } = presentError(error, connection);
  if (!isSilent) await offer(sentence, actions);
}

/** A notification of something that has gone wrong, with a button for each action. */
export async function offer(sentence: string, actions: readonly ErrorAction[]): Promise<void> {
  const chosen = await window.showErrorMessage(sentence, ...actions.map(({ title }) => title));
  const action = actions.find(({ title }) => title === chosen);
  if (action !== undefined) await commands.executeCommand(action.command, ...action.arguments);
}
