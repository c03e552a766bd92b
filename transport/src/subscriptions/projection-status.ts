/** What a projection is doing, as far as a deployment cares. */
export type ProjectionState = "running" | "stopped" | "aborted" | "faulted" | "changing";

/**
 * Reads the server's status text (spec 3.10): the state as managed, then `/` and the state of the instance where they differ, then
 * ` (Enabled)`. One that was disabled after a fault says `Stopped/Faulted`.
 */
export function stateOf(status: string): ProjectionState {
  if (status.includes("Faulted")) return "faulted";
  if (status.startsWith("Aborted")) return "aborted";
  if (status.startsWith("Running")) return "running";
  if (status.startsWith("Stopped")) return "stopped";
  return "changing";
}
