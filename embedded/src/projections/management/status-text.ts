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

/** The status as clients see it: `Running`, `Aborted/Stopped`, `Faulted (Enabled)`, `Starting/StateLoaded` (spec 3.10). */
export function statusText(managed: ManagedState, instance: InstanceState, isEnabled: boolean): string {
  const own = managed === "Completed" && instance === "Stopped" ? "Completed" : instance;
  const text = own.startsWith(managed) ? own : `${managed}/${own}`;
  return isEnabled && (managed === "Stopped" || managed === "Faulted") ? `${text} (Enabled)` : text;
}
