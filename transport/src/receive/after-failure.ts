import { ServerUnreachable } from "../store/server-unreachable.ts";
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
  const kind = kindOf(error);
  if (kind === "unrecoverable") return "park";
  if (kind === "unreachable") return stopping ? "give back" : "wait";
  if (attempt > immediateRetries) return "park";
  return stopping ? "give back" : "retry";
}

function kindOf(error: unknown): "unrecoverable" | "unreachable" | "other" {
  try {
    if (isUnrecoverable(error)) return "unrecoverable";
    return error instanceof ServerUnreachable ? "unreachable" : "other";
  } catch {
    // Anything can be thrown, a proxy that throws when it is asked what it is among them.
    return "other";
  }
}
