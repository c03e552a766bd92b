import { type Command, command } from "../command-line/command.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { archiveCommand } from "./parked-archive.ts";
import { editCommand } from "./parked-edit.ts";
import { listCommand } from "./parked-list.ts";
import { retryCommand } from "./parked-retry.ts";
import { showCommand } from "./parked-show.ts";

const COMMANDS: readonly Command[] = [listCommand, showCommand, retryCommand, editCommand, archiveCommand];
const WHAT = COMMANDS.map(({ name }) => name.replace("parked ", "")).join("|");

export const parkedCommand = command({
  name: "parked",
  summary: "messages that could not be handled: list, show, retry, edit, archive",
  words: WHAT,
  takes: { least: 0, most: 0 },
  about: `Messages that a component could not handle are put aside, and wait for a person.
    Each has a help of its own. To look takes a reader or a member of $admins, to change something a member of $admins.`,
  example: "sluice parked retry --help",
  options: {},
  commands: COMMANDS,
  run: () => Promise.reject(new UsageError(`What of parked messages? Say sluice parked ${WHAT}.`)),
});
