import { ErrorType } from "@eventstore/db-client";

/** What the client answers by looking for a leader anew; a node that names the leader is among them. */
const LOOKS_ANEW: ReadonlySet<string> = new Set([ErrorType.UNAVAILABLE, ErrorType.CANCELLED, ErrorType.NOT_LEADER]);

const TRANSIENT: ReadonlySet<string> = new Set([
  ...LOOKS_ANEW,
  ErrorType.DEADLINE_EXCEEDED,
  // ABORTED: an election cut the call short, or forwarding it to the leader took too long.
  ErrorType.TIMEOUT,
]);

/** gRPC: cancelled, deadline exceeded, aborted, unavailable. The client passes some failures on as the bare gRPC error. */
const TRANSIENT_CODES: ReadonlySet<unknown> = new Set([1, 4, 10, 14]);

/** What is said without a type or code of its own while no leader stands (cluster.md). */
const NO_LEADER = /^Failed to discover after \d+ attempts\.|No leader info available in response/;

/**
 * What gRPC says of a call that never came to its end: HTTP/2's "enhance your calm", by which a server refuses a call because too many
 * come at once, and a connection that has ended below it, told as an internal error: closed by the client itself, or by a server that
 * got no answer to its pings, since this process had stood still for longer than twenty seconds.
 */
export const CUT_OFF =
  /Bandwidth exhausted or memory limit exceeded|internal client error: Session closed|Call ended without gRPC status/;

/** Whether a call failed because the server, or the way to it, is away for now: the same call may succeed later. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { type, code } = error as { readonly type?: unknown; readonly code?: unknown };
  return (
    (typeof type === "string" && TRANSIENT.has(type)) ||
    TRANSIENT_CODES.has(code) ||
    NO_LEADER.test(error.message) ||
    CUT_OFF.test(error.message)
  );
}

/** Whether the client stays with its node after this transient failure, though that one may lead no more, or answer nobody. */
export function leavesInDoubt(error: unknown): boolean {
  if (!(error instanceof Error) || error.message.startsWith("Failed to discover")) return false;
  const { type } = error as { readonly type?: unknown };
  return isTransient(error) && !(typeof type === "string" && LOOKS_ANEW.has(type));
}
