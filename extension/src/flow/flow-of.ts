import type { RecordedEvent } from "../event-store/event-store.ts";
import { correlationIdOf, metadataOf } from "../events/metadata.ts";
import type { OpenFlow } from "./open-flow.ts";

/** The conversation that an event belongs to, asked for from that event; undefined where it belongs to none. */
export function flowOf(connectionId: string, event: RecordedEvent): OpenFlow | undefined {
  const { stream, revision, position, metadata } = event;
  const correlationId = correlationIdOf(metadataOf(metadata));
  if (correlationId === undefined) return undefined;
  const place = { commit: String(position.commit), prepare: String(position.prepare) };
  return { connectionId, correlationId, from: { stream, revision: String(revision), ...place } };
}
