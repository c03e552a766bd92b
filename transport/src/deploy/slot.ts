import type { DeployedProjection } from "../store/projections.ts";
import type { DeployHost } from "./host.ts";

/** The latest generation of a filter or router, as it was found. */
export interface Slot {
  readonly generation: number;
  readonly found: DeployedProjection | undefined;
  /**
   * The text of one that was there and is not any more. What it wrote is there still, and belongs to it: a new one of the same
   * name would fault at once (spec 3.6), so the next generation takes its place.
   */
  readonly gone: string | undefined;
  /** Generations before it that are still there: what took their place was not finished. */
  readonly superseded: readonly number[];
}

/**
 * Looks for the latest generation.
 * @param recorded the one that the journal knows of; a deployment that was given up may have made a later one.
 */
export async function findSlot(
  { projections }: Pick<DeployHost, "projections">,
  nameOf: (generation: number) => string,
  recorded = 1,
): Promise<Slot> {
  const superseded: number[] = [];
  let slot: Omit<Slot, "superseded"> = { generation: recorded, found: undefined, gone: undefined };
  for (let generation = recorded; ; generation += 1) {
    const found = await projections.find(nameOf(generation));
    const gone = found === undefined ? await projections.lastText(nameOf(generation)) : undefined;
    if (found === undefined && gone === undefined) return { ...slot, superseded };
    if (slot.found !== undefined) superseded.push(slot.generation);
    slot = { generation, found, gone };
  }
}
