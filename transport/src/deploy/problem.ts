import type { ProjectionStatus } from "../store/projections.ts";
import { type Deployed, namesOf } from "./deployed.ts";

/** A projection of a component that does not run as it was deployed. */
export interface Problem {
  readonly component: string;
  readonly projection: string;
  readonly why:
    /** It has faulted: repair puts a new generation in its place. */
    | "faulted"
    /** Its text was changed by hand: put the edit into the declaration, then repair. */
    | "edited"
    /** It has a text that was not generated for this component. */
    | "foreign"
    /** Somebody has stopped or aborted it: enable it when that was not meant to last. */
    | "stopped"
    /** It was deleted: the next deployment puts a new generation in its place. */
    | "missing";
  /** What the server says of it. */
  readonly reason: string;
}

/**
 * What does not run of a component.
 * @param statuses what the server runs; undefined where the caller may not see it.
 */
export const problemsOf = (
  component: string,
  deployed: Deployed,
  statuses: ReadonlyMap<string, ProjectionStatus> | undefined,
): readonly Problem[] =>
  statuses === undefined
    ? []
    : namesOf(component, deployed).flatMap((projection) => {
        const status = statuses.get(projection);
        const why = whyOf(status);
        return why === undefined
          ? []
          : [{ component, projection, why, reason: status?.reason || (status?.status ?? "it is not there") }];
      });

function whyOf(status: ProjectionStatus | undefined): "faulted" | "stopped" | "missing" | undefined {
  if (status === undefined) return "missing";
  if (status.state === "faulted") return "faulted";
  return status.state === "stopped" || status.state === "aborted" ? "stopped" : undefined;
}
