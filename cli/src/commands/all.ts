import type { Command } from "../command-line/command.ts";
import { deployCommand } from "./deploy.ts";
import { describeCommand } from "./describe.ts";
import { doctorCommand } from "./doctor.ts";
import { planCommand } from "./plan.ts";

/** All commands, in the order in which the help shows them. */
export const COMMANDS: readonly Command[] = [planCommand, deployCommand, describeCommand, doctorCommand];
