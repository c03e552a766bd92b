import { CUT_OFF } from "../store/is-transient.ts";
import { UNRECOVERABLE } from "../topology/unrecoverable-mark.ts";

/** What kind of failure an error is. */
export type FailureKind =
  /** No retry mends it. */
  | "unrecoverable"
  /** A server is away, busy, or looking for its leader: no failure of the message. */
  | "server away"
  /** This instance does not know the type of the message; another may. */
  | "unknown type"
  /** All else: a matter of the policy. */
  | "other";

/** Causes that are followed at most: a chain of causes may be a ring. */
const CAUSES = 5;

/** gRPC: deadline exceeded, aborted, unavailable. */
const AWAY_CODES: ReadonlySet<unknown> = new Set([4, 10, 14]);
/** The same in the words of the official client's errors, and its word for a server that is not the leader. */
const AWAY_TYPES: ReadonlySet<unknown> = new Set(["deadline-exceeded", "timeout", "unavailable", "not-leader"]);
/** What is said without a code of its own while no leader stands (cluster.md). */
const NO_LEADER = /^Failed to discover after \d+ attempts\.|No leader info available in response|Leader info available/;

/**
 * Says what kind of failure was thrown, whatever it is. It looks at what an error says of itself and never at its class: a handler may
 * use its own client of the server, and an application may hold two copies of any package. A failure is also what its cause is.
 */
export function classify(error: unknown): FailureKind {
  try {
    let at: unknown = error;
    for (let depth = 0; depth <= CAUSES && typeof at === "object" && at !== null; depth += 1) {
      if (Reflect.get(at, UNRECOVERABLE) === true) return "unrecoverable";
      if (Reflect.get(at, "name") === "UnknownMessageType") return "unknown type";
      if (isAway(at)) return "server away";
      at = Reflect.get(at, "cause");
    }
  } catch {
    // Anything can be thrown, a proxy that throws when it is asked what it is among them.
  }
  return "other";
}

function isAway(error: object): boolean {
  const { name, type, code, message } = error as Readonly<Record<string, unknown>>;
  if (name === "ServerUnreachable" || AWAY_TYPES.has(type)) return true;
  if (AWAY_CODES.has(code) && isOfGrpc(error)) return true;
  return typeof message === "string" && (NO_LEADER.test(message) || CUT_OFF.test(message));
}

/** Other packages have numbers of their own: only gRPC's errors say details and metadata beside theirs. */
const isOfGrpc = (error: object): boolean => "details" in error && "metadata" in error;
