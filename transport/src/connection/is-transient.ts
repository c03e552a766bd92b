import { ErrorType } from "@eventstore/db-client";

const TRANSIENT: ReadonlySet<string> = new Set([
  ErrorType.UNAVAILABLE,
  ErrorType.CANCELLED,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.TIMEOUT,
  ErrorType.NOT_LEADER,
]);

/**
 * Whether a call failed because the server, or the way to it, is away for now: the same call may succeed later.
 * The client passes some failures on as the bare gRPC error, with `code` 1 cancelled, 4 deadline exceeded, 14 unavailable.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { type, code } = error as { readonly type?: unknown; readonly code?: unknown };
  return (typeof type === "string" && TRANSIENT.has(type)) || code === 1 || code === 4 || code === 14;
}
