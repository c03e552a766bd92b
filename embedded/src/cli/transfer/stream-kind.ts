/** What becomes of a stream when everything moves to another server. */
export type StreamKind =
  /** Written by clients, or by a user's projection. */
  | "moved"
  /** Made anew by the target's system projections. */
  | "index"
  /** What a stream's metadata says: moved with the stream. */
  | "metadata"
  /** The server's own books, which every server keeps for itself. */
  | "own";

const INDEX = /^\$(?:ce-|et-|et$|bc-|category-|streams$)/;
const OWN =
  /^\$(?:settings$|users?$|user-|users-password-notifications$|scavenges|stats-|epoch-information|mem-|projections-|persistentsubscription-|persistentSubscriptionConfig$|all$)/;

/**
 * @param kept streams among the server's own that the team's projections and groups live from.
 */
export function streamKind(stream: string, kept: (stream: string) => boolean): StreamKind {
  if (!stream.startsWith("$")) return "moved";
  if (stream.startsWith("$$")) return "metadata";
  if (INDEX.test(stream)) return "index";
  return !OWN.test(stream) || kept(stream) ? "moved" : "own";
}
