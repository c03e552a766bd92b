import { type GeneratedProjection, readHeader } from "../topology/generated.ts";
import type { DeployedProjection as Found } from "../store/projections.ts";

/** What to do next so that a projection is as wanted. */
export type ProjectionStep =
  | "create"
  /** Replace the text; a stopped one must be enabled afterwards. */
  | "update"
  /** Enable it with the text it has. */
  | "start"
  /** It is between two states: look again. */
  | "wait"
  | "done"
  | Refusal;

/** Why a deployment leaves a projection alone. */
export interface Refusal {
  readonly refused: "foreign" | "edited" | "faulted" | "aborted";
}

/**
 * Decides the next step. Only one that runs, or was stopped with a checkpoint, is updated: updating one that was aborted or has
 * faulted can repeat or lose what it wrote since its checkpoint (spec 3.9), so an aborted one first recovers with its old text.
 * @param starts one that stands still was stopped for this deployment, and is to run again. Otherwise a person has stopped it: it
 *   may get a new text, and goes on standing still.
 */
export function nextStep(
  found: Pick<Found, "text" | "emits" | "state"> | undefined,
  wanted: GeneratedProjection,
  starts: boolean,
): ProjectionStep {
  if (found === undefined) return "create";
  const refusal = found.text === wanted.text ? undefined : refusalOf(found.text, wanted);
  if (refusal !== undefined) return refusal;
  const isWanted = found.text === wanted.text && found.emits;
  switch (found.state) {
    case "faulted":
      return { refused: "faulted" };
    case "changing":
      return "wait";
    case "aborted":
      if (starts) return "start";
      return isWanted ? "done" : { refused: "aborted" };
    case "stopped":
      if (!isWanted) return "update";
      return starts ? "start" : "done";
    case "running":
      return isWanted ? "done" : "update";
  }
}

/** Why a deployed text is not one to replace: it is somebody else's, or was changed by hand. */
export function refusalOf(
  text: string,
  { kind, component }: Omit<GeneratedProjection, "name" | "text">,
): { readonly refused: "foreign" | "edited" } | undefined {
  const header = readHeader(text);
  if (header?.kind !== kind || header.component !== component) return { refused: "foreign" };
  return header.intact ? undefined : { refused: "edited" };
}
