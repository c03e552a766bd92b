import type { Access } from "../topology/access.ts";
import type { ComponentShape } from "../topology/shape.ts";

/**
 * What a deployment is to do, as the journal keeps it: enough for anyone to complete it. It says what is wanted and not how to get
 * there, which follows from what is found on the server.
 */
export type Change =
  /**
   * Adds what the component needs and has not yet. `exactly`: the group gets its settings also where they lower those it has. `access`:
   * whose its streams are to be; absent, they stay whose they are.
   */
  | {
      readonly kind: "deploy";
      readonly shape: ComponentShape;
      readonly exactly: boolean;
      readonly access?: Access;
    }
  /** Takes away what the component does not need any more. */
  | { readonly kind: "prune"; readonly shape: ComponentShape }
  /** Puts a new generation in the place of projections. */
  | { readonly kind: "repair"; readonly projections: readonly string[] }
  /** Takes the component away. */
  | { readonly kind: "retire" };

/** What was done to a projection, a group, or the access control list of a stream. */
export interface DeployStep {
  readonly kind: "projection" | "group" | "acl";
  readonly name: string;
  readonly action: "created" | "updated" | "started" | "stopped" | "removed" | "unchanged";
}
