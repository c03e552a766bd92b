import { requireCategoryName, requireComponentName, requireMessageType } from "@sluice/transport/topology";

const CHECKS = { component: requireComponentName, category: requireCategoryName, message: requireMessageType };

/** Why the transport would refuse a name when it runs, in its own sentence; undefined where it takes it. */
export function nameProblem(of: keyof typeof CHECKS, name: string): string | undefined {
  try {
    CHECKS[of](name);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
