import { type GeneratedProjection, readHeader } from "../topology/generated.ts";
import type { DeployedProjection as Deployed } from "../store/projections.ts";

/** What to do next so that a projection is as wanted and running. */
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
  readonly refused: "foreign" | "edited" | "faulted";
}

/**
 * Decides the next step. Only one that runs, or was stopped with a checkpoint, is updated: updating one that was aborted or has
 * faulted can repeat or lose what it wrote since its checkpoint (spec 3.9), so an aborted one first recovers with its old text.
 */
export function nextStep(
  deployed: Pick<Deployed, "text" | "emits" | "state"> | undefined,
  wanted: GeneratedProjection,
): ProjectionStep {
  if (deployed === undefined) return "create";
  const isWanted = deployed.text === wanted.text;
  const refusal = isWanted ? undefined : refusalOf(deployed.text, wanted);
  if (refusal !== undefined) return refusal;
  switch (deployed.state) {
    case "faulted":
      return { refused: "faulted" };
    case "changing":
      return "wait";
    case "aborted":
      return "start";
    case "stopped":
      return isWanted && deployed.emits ? "start" : "update";
    case "running":
      return isWanted && deployed.emits ? "done" : "update";
  }
}

/** Why a deployed text is not one to replace: it is somebody else's, or was changed by hand. */
export function refusalOf(
  text: string,
  { kind, component }: Omit<GeneratedProjection, "name" | "text">,
): Refusal | undefined {
  const header = readHeader(text);
  if (header?.kind !== kind || header.component !== component) return { refused: "foreign" };
  return header.intact ? undefined : { refused: "edited" };
}
