import * as l10n from "@vscode/l10n";
import { commands, window } from "vscode";
import { askChoice } from "../../quick-input/ask-choice.ts";
import { BACK } from "../../quick-input/run-steps.ts";
import type { Connection } from "../connection.ts";
import { ConnectionGoneError } from "../connection-errors.ts";
import type { ConnectionRegistry } from "../connection-registry.ts";
import { serversOf } from "../connection-string.ts";
import { policyWord } from "../connection-words.ts";

export interface TargetQuestion {
  readonly title: string;
  /** Which connections the command is for. Default: all. */
  readonly isFor?: (connection: Connection) => boolean;
}

/**
 * The connection that a command is for: its argument says it (the id, or a row of a tree that has one), or the user chooses.
 * Undefined where they give up.
 * @throws ConnectionGoneError
 */
export async function targetOf(
  registry: ConnectionRegistry,
  argument: unknown,
  { title, isFor = () => true }: TargetQuestion,
): Promise<Connection | undefined> {
  const id = connectionIdOf(argument);
  if (id !== undefined) {
    const connection = registry.find(id);
    if (connection === undefined) throw new ConnectionGoneError(id);
    return isFor(connection) ? connection : undefined;
  }
  const fitting = registry.all.filter(isFor);
  if (fitting.length === 0) {
    await offerConnection(registry.all.length > 0);
    return undefined;
  }
  const answer = await askChoice({
    title,
    placeholder: l10n.t("Which connection?"),
    active: registry.current,
    choices: fitting.map((value) => ({
      value,
      label: value.name,
      description: [value.folder, serversOf(value.connectionString), policyWord(value.policy)]
        .filter((part) => part !== undefined)
        .join(" · "),
    })),
  });
  return answer === undefined || answer === BACK ? undefined : answer.value;
}

/** An empty list says nothing: this says why it would be one, and leads on. @param areOthers there are some, but none that the command is for */
async function offerConnection(areOthers: boolean): Promise<void> {
  const add = l10n.t("Add Connection…");
  const sentence = areOthers
    ? l10n.t(
        "None of the connections can be changed like this: it takes one of your own, for a password one with a login.",
      )
    : l10n.t("There is no connection yet. Add one, or start the embedded server.");
  if ((await window.showInformationMessage(sentence, add)) === add)
    await commands.executeCommand("sluice.addConnection");
}

/** The id of a connection in what a command was called with: the id itself, or a row of a tree that has one. */
export function connectionIdOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  if (typeof argument !== "object" || argument === null || !("connectionId" in argument)) return undefined;
  return typeof argument.connectionId === "string" ? argument.connectionId : undefined;
}
