import { ServerUnreachable } from "../store/server-unreachable.ts";

/** Whether handling failed because the server is away: then it is no failure of the message, and no attempt counts. */
export function isAway(error: unknown): boolean {
  try {
    return error instanceof ServerUnreachable;
  } catch {
    // Anything can be thrown, a proxy that throws when it is asked what it is among them.
    return false;
  }
}
