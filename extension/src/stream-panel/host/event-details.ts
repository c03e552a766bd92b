import type { RecordedEvent, Source, StreamEntry } from "../../event-store/event-store.ts";
import { contentOf, decodedStart, hexDump } from "../../events/content.ts";
import { eventOf } from "../../events/link.ts";
import { correlationIdOf, metadataOf } from "../../events/metadata.ts";
import { keyOf, placeOf } from "../../events/place.ts";
import { rowOf } from "../model/row.ts";
import type { Body, Details, EventDetails } from "../protocol.ts";

/** As much of a body as a pane can lay out at once without a stop; the rest is one click away, in an editor. */
const SHOWN_BYTES = 64 * 2 ** 10;
const DUMPED_BYTES = 4 * 2 ** 10;
/** Larger bodies would hold up the extension host while somebody walks through a list. */
const CHECKED_BYTES = 4 * 2 ** 20;

/** What the details pane shows of an entry whose link, if it is one, was followed. */
export function detailsOf(source: Source, entry: StreamEntry): Details {
  const { link } = rowOf(source, entry, true);
  const { recorded } = entry;
  return {
    place: placeOf(source, entry),
    event: eventDetails(eventOf(entry)),
    ...(link !== undefined && { link: { ...link, stream: recorded.stream, revision: String(recorded.revision) } }),
  };
}

function eventDetails(event: RecordedEvent): EventDetails {
  const { position, metadata } = event;
  const said = metadataOf(metadata);
  const correlationId = correlationIdOf(said);
  const { $causationId: causationId } = said;
  return {
    id: event.id,
    type: event.type,
    stream: event.stream,
    revision: String(event.revision),
    position: keyOf({ commit: String(position.commit), prepare: String(position.prepare) }),
    created: event.created,
    isJson: event.isJson,
    data: bodyOf(event.data, event.isJson),
    metadata: bodyOf(metadata, true),
    ...(correlationId !== undefined && { correlationId }),
    ...(typeof causationId === "string" && { causationId }),
  };
}

function bodyOf(bytes: Uint8Array, isJson: boolean): Body {
  const content = contentOf(bytes, isJson);
  const text = content === "binary" ? undefined : decodedStart(bytes, SHOWN_BYTES);
  if (text === undefined) {
    return {
      content: "binary",
      text: hexDump(bytes, DUMPED_BYTES),
      size: bytes.length,
      shown: Math.min(bytes.length, DUMPED_BYTES),
      isCut: bytes.length > DUMPED_BYTES,
    };
  }
  const problem = content === "json" && bytes.length <= CHECKED_BYTES ? jsonProblem(bytes) : undefined;
  return {
    content,
    text,
    size: bytes.length,
    shown: Math.min(bytes.length, SHOWN_BYTES),
    isCut: bytes.length > SHOWN_BYTES,
    ...(problem !== undefined && { problem }),
  };
}

function jsonProblem(bytes: Uint8Array): string | undefined {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
