import { ServerUnreachable } from "../connection/server-unreachable.ts";
import { isUnrecoverable } from "./unrecoverable.ts";

/** What becomes of a message whose handling failed. */
export type AfterFailure =
  /** Handle it again at once, as the next attempt. */
  | "retry"
  /** The server is away: handle it again a little later, not counted as an attempt. */
  | "wait"
  /** Let the server hand it out again: this instance is stopping. */
  | "give back"
  /** Put it aside with the reason. */
  | "park";

/** Decides what becomes of a message whose handling failed. */
export function afterFailure(failure: {
  readonly error: unknown;
  /** The attempt that failed, 1 first. */
  readonly attempt: number;
  readonly immediateRetries: number;
  readonly stopping: boolean;
}): AfterFailure {
  const { error, attempt, immediateRetries, stopping } = failure;
  if (isUnrecoverable(error)) return "park";
  if (error instanceof ServerUnreachable) return stopping ? "give back" : "wait";
  if (attempt > immediateRetries) return "park";
  return stopping ? "give back" : "retry";
}
