import type { ProjectionHandler } from "../handler.ts";
import { linkEmission, nativeHandler, revisionText } from "./native-handler.ts";
import { streamDeletedBy } from "./stream-deletion.ts";

/**
 * `$by_event_type`: each event, as a link in `$et-<type>`; deletions of streams in `$et-$deleted`. Entries for metadata and
 * deletions name the stream itself, not its metastream (golden `system-projections/by-event-type-specials`). Links have none.
 */
export function byEventTypeHandler(): ProjectionHandler {
  return nativeHandler({
    typeName: "EventStore.Projections.Core.Standard.IndexEventsByEventType",
    includeLinks: false,
    emit({ event, link }) {
      if (event === undefined || link !== undefined || event.type === "$>") return undefined;
      const isDeletion = streamDeletedBy(event) !== undefined;
      const stream = event.stream.startsWith("$$") ? event.stream.slice(2) : event.stream;
      return linkEmission(
        `$et-${isDeletion ? "$deleted" : event.type}`,
        `${revisionText(event.revision)}@${stream}`,
        isDeletion ? [["$deleted", "-1"]] : undefined,
      );
    },
    checkpoint: (tag) => [{ stream: "$et", type: "$Checkpoint", isJson: true, data: tag }],
  });
}
