/** Commands of components that other views lead to. */

/** Shows what deploying a component would change. */
export const SHOW_PLAN_COMMAND = "sluice.components.showPlan";

/** Shows the failed messages of a component. */
export const SHOW_FAILED_COMMAND = "sluice.failedMessages.show";

/** What such a command is called with. */
export interface ComponentTarget {
  readonly connectionId: string;
  readonly component: string;
}

/** The component that a command's argument names: a row of a view, or a target. */
export function targetIn(argument: unknown): ComponentTarget | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const { connectionId, component } = argument as Readonly<Record<string, unknown>>;
  return typeof connectionId === "string" && typeof component === "string" ? { connectionId, component } : undefined;
}
