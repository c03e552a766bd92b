import type { DisconnectReason } from "../grpc/disconnect-reason.ts";
import type { ScavengeEnding } from "../streams/scavenge-history.ts";

/** Something that happened in the server that no caller is answered with. None of it holds what a client sent, but names. */
export type ServerNote =
  /** A projection has stopped over an error in its script or its streams; `reason` is what its status says, too. */
  | { readonly event: "projection-faulted"; readonly projection: string; readonly reason: string }
  /** A projection's script called `log`. */
  | { readonly event: "script-log"; readonly text: string }
  /** Others can reach the server, and these users have the password that everybody knows. */
  | { readonly event: "default-passwords"; readonly logins: readonly string[] }
  /** A connection was closed for what the client did; `times` it happened since it was told last. */
  | {
      readonly event: "client-disconnected";
      readonly peer: string;
      readonly reason: DisconnectReason;
      readonly times: number;
    }
  /** The disk took long for what clients wait for; `times` it did since it was told last. */
  | { readonly event: "disk-slow"; readonly milliseconds: number; readonly times: number }
  /** The disk has begun to refuse writes: it is full, perhaps. Writers are told to try again. */
  | { readonly event: "disk-refused" }
  /** The disk takes writes again. */
  | { readonly event: "disk-recovered" }
  | {
      readonly event: "scavenge-ended";
      readonly id: string;
      readonly ending: ScavengeEnding;
      readonly events: number;
      readonly bytes: number;
    }
  /** A client has asked for the server to stop. */
  | { readonly event: "shutdown-asked" };
