import type { Command } from "../command-line/command.ts";
import { askCommand } from "./ask.ts";
import { completionCommand } from "./completion.ts";
import { deployCommand } from "./deploy.ts";
import { deploymentsCommand } from "./deployments.ts";
import { describeCommand } from "./describe.ts";
import { doctorCommand } from "./doctor.ts";
import { newCommand } from "./new.ts";
import { parkedCommand } from "./parked.ts";
import { planCommand } from "./plan.ts";
import { pruneCommand } from "./prune.ts";
import { retireCommand } from "./retire.ts";
import { sendCommand } from "./send.ts";
import { subscriptionsCommand } from "./subscriptions.ts";
import { tailCommand } from "./tail.ts";

/** All commands, in the order in which the help shows them. */
export const COMMANDS: readonly Command[] = [
  planCommand,
  deployCommand,
  pruneCommand,
  retireCommand,
  describeCommand,
  doctorCommand,
  parkedCommand,
  deploymentsCommand,
  subscriptionsCommand,
  tailCommand,
  sendCommand,
  askCommand,
  newCommand,
  completionCommand(() => COMMANDS),
];
