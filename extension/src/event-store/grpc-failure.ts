import { ConnectionStringError, ServerUnreachableError } from "@sluice/embedded/client";
import type { Failure, FailureKind } from "./failure.ts";
import { unreachable } from "./unreachable.ts";

/** What was asked of whom, as far as it stands in messages. */
export interface Asked {
  /** The hosts with their ports. */
  readonly at: string;
  readonly tls: boolean;
  /** Whose login goes with the call. */
  readonly login: string | undefined;
  /** The stream that was read or written, or `$all`. */
  readonly source?: string;
}

/** What a call ended with, as gRPC has it; which of its codes says what: spec 1.5. */
interface Ending {
  readonly code: number;
  readonly details: string;
  readonly metadata?: { get(key: string): unknown[] };
}

const DEADLINE_EXCEEDED = 4;
const PERMISSION_DENIED = 7;
const ABORTED = 10;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;
/** The server does not know the method. */
export const UNIMPLEMENTED = 12;

export function failureOf(error: unknown, asked: Asked): Failure {
  if (error instanceof ConnectionStringError)
    return { kind: "connection-string", reason: error.message, cause: undefined };
  const ending = endingOf(error);
  // What the client says for a command line says the same in words that mean nothing here; gRPC's own are the cause.
  if (ending !== undefined) return { ...kindOf(ending, asked), cause: ending };
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof ServerUnreachableError) return { kind: "unreachable", at: asked.at, reason, cause: undefined };
  return { kind: "answered", reason, cause: error };
}

/** How the call ended, where the error comes from a call. */
export function endingOf(error: unknown): Ending | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (isEnding(one)) return one;
  }
  return undefined;
}

function isEnding(error: Error): error is Error & Ending {
  return "code" in error && typeof error.code === "number" && "details" in error;
}

function kindOf(ending: Ending, asked: Asked): FailureKind {
  const { code, details } = ending;
  const source = asked.source ?? "";
  switch (trailer(ending, "exception")) {
    case "stream-deleted":
      return { kind: "stream-deleted", stream: source };
    case "stream-not-found":
      return { kind: "stream-not-found", stream: source };
    case "not-leader":
      return { kind: "not-leader" };
    case "maximum-append-size-exceeded":
      return { kind: "append-too-large", limit: trailer(ending, "maximum-append-size") ?? "" };
    default:
  }
  switch (code) {
    case UNAUTHENTICATED:
      return asked.login === undefined ? { kind: "login-missing" } : { kind: "login-refused", login: asked.login };
    case PERMISSION_DENIED:
      if (asked.login === undefined && asked.tls) return { kind: "login-missing" };
      return { kind: "access-denied", login: asked.login, source: asked.source };
    case ABORTED:
      // EventStoreDB keeps 32 events for a reader who is slower than the log, then ends the call (spec 1.10).
      return /too slow/i.test(details)
        ? { kind: "subscription-dropped", source }
        : { kind: "answered", reason: details };
    case UNAVAILABLE:
    case DEADLINE_EXCEEDED:
      return unreachable(details, asked);
    default:
      return { kind: "answered", reason: details };
  }
}

function trailer({ metadata }: Ending, key: string): string | undefined {
  const value = metadata?.get(key)[0];
  return value === undefined ? undefined : String(value);
}
