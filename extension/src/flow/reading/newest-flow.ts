import type { EventReader } from "../../event-store/event-store.ts";
import { flowOf } from "../flow-of.ts";
import type { OpenFlow } from "../open-flow.ts";

/** How many of the newest events are looked through. */
const LOOKED_AT = 500;

/** The conversation of the newest event that belongs to one; undefined where none of the newest does. */
export async function newestFlow(
  connectionId: string,
  reader: EventReader,
  signal: AbortSignal,
): Promise<OpenFlow | undefined> {
  const { entries } = await reader.read(
    { all: true, filter: { on: "type", regex: "^[^$]" } },
    { from: "end", direction: "backwards", limit: LOOKED_AT, maxBytes: 4 * 1024 * 1024, followsLinks: false, signal },
  );
  for (const { recorded } of entries) {
    const flow = flowOf(connectionId, recorded);
    if (flow !== undefined) return flow;
  }
  return undefined;
}
