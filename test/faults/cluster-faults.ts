import type { Fault, FaultRule } from "./fault.ts";
import { clusterInfo, type Member } from "./gossip.ts";

/**
 * What a cluster does to its clients while its leader changes, as seen on three nodes of EventStoreDB 23.10.6. Each rule
 * cites what was seen. What happens to connections is in `FaultProxy` itself: `goAway` and `cutConnections` (leader
 * killed), `suspended` (leader frozen), `retarget` (another leader).
 */

/** To which calls, and how often; what is left out is as the rule says. */
export type Where = Partial<Pick<FaultRule, "method" | "times" | "when">>;

const EVERY_CALL = /./;
const CONNECT_TO_GROUP = "PersistentSubscriptions/Read";
const APPENDS = /\.Streams\/(Append|BatchAppend)$/;

const CODE = { ok: 0, unknown: 2, deadlineExceeded: 4, notFound: 5, aborted: 10, unavailable: 14 };

/**
 * "A leader that still loads its groups drops the connect of a persistent subscription, unanswered": the client gets
 * neither confirmation nor error, for ever.
 */
export function neverConfirmed(where?: Where): FaultRule {
  return { method: CONNECT_TO_GROUP, fault: { kind: "silence" }, ...where };
}

/** "Followers, and a leader whose projections still start, never answer projection management": nothing until the deadline. */
export function projectionManagementSilent(where?: Where): FaultRule {
  return { method: /\.Projections\//, fault: { kind: "silence" }, ...where };
}

/** "Kill of the leader": `14 UNAVAILABLE: Server Is Not Ready`, while it starts. */
export function serverNotReady(where?: Where): FaultRule {
  return answering(CODE.unavailable, "Server Is Not Ready", where);
}

/** "Kill of the leader": the connection is cut after the server took the call: `14 UNAVAILABLE: read ECONNRESET`. */
export function connectionCut(where?: Where): FaultRule {
  return { method: EVERY_CALL, fault: { kind: "drop", what: "connection" }, ...where };
}

/** "Election, forwarding": `10 ABORTED: Forwarding timeout`. */
export function forwardingTimeout(where?: Where): FaultRule {
  return answering(CODE.aborted, "Forwarding timeout", where);
}

/** "Election, forwarding": `10 ABORTED: Request canceled`. */
export function requestCanceled(where?: Where): FaultRule {
  return answering(CODE.aborted, "Request canceled", where);
}

/** "Election, forwarding": `10 ABORTED: Operation timed out`. */
export function operationTimedOut(where?: Where): FaultRule {
  return answering(CODE.aborted, "Operation timed out", where);
}

/** "Election, forwarding": `4 DEADLINE_EXCEEDED`, told by the server; a client that waits itself gets it from `silence`. */
export function deadlineExceeded(where?: Where): FaultRule {
  return answering(CODE.deadlineExceeded, "Deadline Exceeded", where);
}

/** "Election, forwarding": `5 NOT_FOUND: Leader info available`, with the leader's host and port in the trailers. */
export function notLeader(leader: { readonly host: string; readonly port: number }, where?: Where): FaultRule {
  return answering(CODE.notFound, "Leader info available", where, {
    exception: "not-leader",
    "leader-endpoint-host": leader.host,
    "leader-endpoint-port": String(leader.port),
  });
}

/** "Election, forwarding": `2 UNKNOWN: No leader info available in response`. */
export function noLeaderInfo(where?: Where): FaultRule {
  return answering(CODE.unknown, "No leader info available in response", where);
}

/**
 * "No leader for 2.5 s": gossip tells of these nodes. With none alive that leads or follows, a client with several seeds
 * fails with `Failed to discover after 10 attempts.`
 */
export function gossip(members: readonly Member[], where?: Where): FaultRule {
  const fault: Fault = { kind: "answer", code: CODE.ok, message: "", body: clusterInfo(members) };
  return { method: "Gossip/Read", fault, ...where };
}

/**
 * "The client keeps a failed capabilities call for ever": a first one that fails so makes every later append without
 * credentials fail, too. Default: once.
 */
export function capabilitiesFail(where?: Where): FaultRule {
  return operationTimedOut({ method: "ServerFeatures/GetSupportedMethods", times: 1, ...where });
}

/** "An append whose answer was lost": it is stored, and the client is told `10 ABORTED: Operation timed out`. */
export function appendAnswerLost(where?: Where): FaultRule {
  const fault: Fault = { kind: "answer afterwards", code: CODE.aborted, message: "Operation timed out" };
  return { method: APPENDS, fault, ...where };
}

function answering(
  code: number,
  message: string,
  where?: Where,
  trailers: Readonly<Record<string, string>> = {},
): FaultRule {
  return { method: EVERY_CALL, fault: { kind: "answer", code, message, trailers }, ...where };
}
