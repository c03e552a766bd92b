import type { Failure } from "../event-store/failure.ts";

/**
 * What has gone wrong with something that concerns components, as facts: the transport is a bundle of its own and knows neither the
 * error classes nor the user's language.
 */
export type ServerFailure =
  | Failure
  /** A projection is left alone, since changing it would lose, repeat or overwrite something. `reason` is in the server's words. */
  | {
      readonly kind: "projection-refused";
      readonly projection: string;
      readonly why: string;
      readonly reason: string;
      readonly cause: unknown;
    }
  /** The server knows the caller not well enough. */
  | { readonly kind: "administrators-only"; readonly login: string | undefined; readonly cause: unknown }
  | { readonly kind: "projections-not-running"; readonly reason: string; readonly cause: unknown }
  | { readonly kind: "not-deployed"; readonly component: string; readonly cause: unknown }
  | {
      readonly kind: "not-retirable";
      readonly component: string;
      readonly consumers: number;
      readonly waiting: number;
      readonly cause: unknown;
    }
  | { readonly kind: "not-parked"; readonly component: string; readonly cause: unknown };
