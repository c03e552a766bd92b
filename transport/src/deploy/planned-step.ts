import type { StreamAcl } from "../topology/access.ts";
import type { Pattern } from "../topology/pattern.ts";
import type { From } from "../topology/shape.ts";

/** One thing that a deployment would do. */
export interface PlannedStep {
  readonly kind: "projection" | "group" | "acl";
  /** Of the projection, of the group with its stream, or of the stream. */
  readonly name: string;
  readonly action: "create" | "update" | "remove";
  /** Subscriptions that a filter or backfill would get, and from when. */
  readonly subscribes?: Readonly<Record<Pattern, From>>;
  /** Subscriptions that a filter would lose. */
  readonly unsubscribes?: readonly Pattern[];
  /** Rights that a stream would get. */
  readonly acl?: StreamAcl;
}
