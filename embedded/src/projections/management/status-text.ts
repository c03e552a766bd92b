import type { InstanceState } from "../statistics.ts";

/** What is being done with a projection (spec 3.10). */
export type ManagedState =
  | "Creating"
  | "Loading"
  | "Preparing"
  | "Starting"
  | "LoadingStopped"
  | "Running"
  | "Stopping"
  | "Aborting"
  | "Stopped"
  | "Completed"
  | "Aborted"
  | "Faulted"
  | "Deleting";

/** Position and checkpoint of a projection that has come to the end of its sources: the server counts phases then. */
export const COMPLETED_POSITION = "Phase: 1 (completed)";

/**
 * The status as clients see it: `Running`, `Aborted/Stopped`, `Faulted (Enabled)`, `Starting/StateLoaded` (spec 3.10), and
 * `Completed/Stopped/Writing results`, the phase in which one that ends by itself has ended.
 */
export function statusText(managed: ManagedState, instance: InstanceState, isEnabled: boolean): string {
  const own = managed === "Completed" ? `${instance}/Writing results` : instance;
  const text = own.startsWith(managed) ? own : `${managed}/${own}`;
  return isEnabled && (managed === "Stopped" || managed === "Faulted") ? `${text} (Enabled)` : text;
}
