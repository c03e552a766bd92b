import type { LogRecord } from "../../log/record.ts";
import type { Emission, ProjectionEvent, ProjectionHandler } from "../handler.ts";
import { categoryExtractor } from "./category.ts";
import { linkEmission, nativeHandler, placeOf, revisionText } from "./native-handler.ts";
import { streamDeletedBy } from "./stream-deletion.ts";
import { recordText } from "../record-text.ts";

/**
 * `$by_category`: each event of a stream with a category, as a link in `$ce-<category>`; `$o` in its metadata names the stream
 * where the event, or the link to it, lies (spec 3.12).
 *
 * A link is linked again by what it leads to, so chains of links never grow. The deletion of a stream is an entry, too, with
 * `$deleted`. A link whose own metadata is cut or badly quoted JSON is lost without a fault (golden
 * `category-queue/link-with-broken-metadata-is-lost`).
 */
export function byCategoryHandler(query: string): ProjectionHandler {
  const categoryOf = categoryExtractor(query);
  return nativeHandler({
    typeName: "EventStore.Projections.Core.Standard.CategorizeEventsByStreamPath",
    includeLinks: true,
    emit(event) {
      const place = placeOf(event);
      const { type, data } = event.event ?? place;
      const deleted = streamDeletedBy({ stream: place.stream, type, data });
      const stream = deleted ?? place.stream;
      const category = categoryOf(stream);
      if (category === undefined || hasBrokenMetadata(event.link)) return undefined;
      return linkEmission(`$ce-${category}`, targetOf(event, place), metadataOf(stream, deleted !== undefined));
    },
  });
}

function metadataOf(stream: string, isDeletion: boolean): Emission["metadata"] {
  const origin = ["$o", JSON.stringify(stream)] as const;
  return isDeletion ? [origin, ["$deleted", "-1"]] : [origin];
}

function targetOf({ event, leadsToDeletedStream }: ProjectionEvent, place: LogRecord): string {
  if (event === undefined) {
    // A link to nothing: the number -1, and the stream's name only where the whole stream is gone (corrections 3.12).
    return `-1@${leadsToDeletedStream ? recordText(place.data).replace(/^[^@]*@/, "") : ""}`;
  }
  // A link that was not followed says itself where it leads.
  return event.type === "$>" ? recordText(event.data) : `${revisionText(event.revision)}@${event.stream}`;
}

function hasBrokenMetadata(link: LogRecord | undefined): boolean {
  const text = link === undefined ? "" : recordText(link.metadata);
  if (!text.startsWith("{")) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
