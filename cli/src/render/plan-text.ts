import type { ComponentPlan, DeployStep, PlannedStep } from "@sluice/transport/deploy";
import type { Color, Paint } from "../terminal/paint.ts";
import { accessLines, aclText } from "./acl-text.ts";
import { problemText } from "./problem-text.ts";

const SIGNS = {
  create: { sign: "+", color: "green" },
  update: { sign: "~", color: "yellow" },
  remove: { sign: "-", color: "red" },
} as const satisfies Record<PlannedStep["action"], { readonly sign: string; readonly color: Color }>;

/** A plan as a person reads it: by component, with a sign before each line that says what becomes of it. Pure. */
export function planText(plans: readonly ComponentPlan[], paint: Paint): string {
  const parts = plans.map((plan) => componentText(plan, paint).join("\n"));
  return [...parts, summaryText(plans)].join("\n\n");
}

function componentText(plan: ComponentPlan, paint: Paint): readonly string[] {
  const { component, steps, removals, problems, open, access } = plan;
  const lines = [
    ...(open === undefined
      ? []
      : [paint("yellow", `! a deployment by ${open.by} was begun and has not ended; the next one goes on with it`)]),
    ...problems.map((problem) => paint("red", `! ${problemText(problem)}`)),
    ...steps.flatMap((step) => stepLines(step, paint)),
    ...(removals.length === 0 ? [] : [paint("dim", "once no older version runs any more, by --prune:")]),
    ...removals.flatMap((step) => stepLines(step, paint)),
  ];
  const rights = access === undefined ? [] : accessLines(access, paint);
  const told = [...(lines.length === 0 ? ["nothing to do"] : lines), ...rights];
  return [paint("bold", component), ...told.map((line) => `  ${line}`)];
}

function stepLines(step: PlannedStep, paint: Paint): string[] {
  const { kind, name, action, subscribes = {}, unsubscribes = [], acl } = step;
  const { sign, color } = SIGNS[action];
  return [
    paint(color, `${sign} ${kind.padEnd("projection".length)}  ${name}${acl === undefined ? "" : `: ${aclText(acl)}`}`),
    ...Object.entries(subscribes).map(
      ([pattern, from]) => `    ${paint("green", `+ ${pattern} ${from === "now" ? "from now on" : "from the start"}`)}`,
    ),
    ...unsubscribes.map((pattern) => `    ${paint("red", `- ${pattern}`)}`),
  ];
}

function summaryText(plans: readonly ComponentPlan[]): string {
  const steps = plans.flatMap((plan) => plan.steps);
  const counted = (action: PlannedStep["action"]): number => steps.filter((step) => step.action === action).length;
  const parts = [
    [counted("create"), "to create"],
    [counted("update"), "to update"],
    [plans.flatMap(({ removals }) => removals).length, "for --prune"],
    [plans.flatMap(({ problems }) => problems).length, "that do not run as they should"],
    [plans.filter(({ open }) => open !== undefined).length, "begun and not ended"],
  ].flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  return parts.length === 0 ? "Nothing to do: the server has what is declared." : `${parts.join(", ")}.`;
}

/** Whether deploying would do something. Pure. @param prunes what is taken away counts, too. */
export const hasChanges = (plans: readonly ComponentPlan[], prunes: boolean): boolean =>
  plans.some(
    ({ steps, removals, problems, open }) =>
      steps.length > 0 || problems.length > 0 || open !== undefined || (prunes && removals.length > 0),
  );

const DONE = {
  created: { sign: "+", color: "green" },
  updated: { sign: "~", color: "yellow" },
  started: { sign: "▸", color: "green" },
  stopped: { sign: "▪", color: "yellow" },
  removed: { sign: "-", color: "red" },
  unchanged: { sign: "=", color: "dim" },
} as const satisfies Record<DeployStep["action"], { readonly sign: string; readonly color: Color }>;

/** What was done, in a line. Pure. */
export function doneText({ kind, name, action }: DeployStep, paint: Paint): string {
  const { sign, color } = DONE[action];
  return paint(color, `${sign} ${action.padEnd("unchanged".length)}  ${kind} ${name}`);
}
