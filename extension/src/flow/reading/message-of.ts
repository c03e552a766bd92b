import type { RecordedEvent } from "../../event-store/event-store.ts";
import { metadataOf } from "../../events/metadata.ts";
import { HEADER } from "../model/headers.ts";
import { ownerOfStream } from "../model/stream-owner.ts";
import type { FlowEvent } from "../schemas.ts";

/** What names an event, in links and here. */
export function eventKey({ stream, revision }: Pick<RecordedEvent, "stream" | "revision">): string {
  return `${revision}@${stream}`;
}

/** @param position where it stands among the others; that of the event itself where the server tells it. */
export function flowEventOf(event: RecordedEvent, position: RecordedEvent["position"]): FlowEvent {
  const headers = metadataOf(event.metadata);
  const owner = ownerOfStream(event.stream);
  const source = textOf(headers[HEADER.source]);
  const copied = textOf(headers[HEADER.messageId]);
  const isCopy = copied !== undefined && copied !== event.id;
  // A copy for a retry names whoever sent its original; it was written by the component that its stream leads to.
  const writer = isCopy && owner.isComponent ? owner.party : (source ?? owner.party);
  const causationId = textOf(headers[HEADER.causationId]);
  const destination = textOf(headers[HEADER.destination]) ?? owner.destination;
  const editOf = textOf(headers[HEADER.editOf]);
  const delayedRetries = countOf(headers[HEADER.delayedRetries]);
  const replays = countOf(headers[HEADER.replays]);
  const lastFailure = textOf(headers[HEADER.lastFailure]);
  const deliverAt = Date.parse(textOf(headers[HEADER.deliverAt]) ?? "");
  return {
    key: eventKey(event),
    id: event.id,
    messageId: copied ?? event.id,
    type: event.type,
    stream: event.stream,
    revision: String(event.revision),
    commit: String(position.commit),
    prepare: String(position.prepare),
    created: Number.isNaN(event.created) ? 0 : event.created,
    party: writer,
    isComponent: source !== undefined || owner.isComponent,
    ...(causationId !== undefined && { causationId }),
    ...(destination !== undefined && { destination }),
    ...(editOf !== undefined && { editOf }),
    ...(delayedRetries !== undefined && { delayedRetries }),
    ...(replays !== undefined && { replays }),
    ...(lastFailure !== undefined && { lastFailure }),
    ...(!Number.isNaN(deliverAt) && { deliverAt }),
  };
}

function textOf(said: unknown): string | undefined {
  return typeof said === "string" && said !== "" ? said : undefined;
}

function countOf(said: unknown): number | undefined {
  return typeof said === "number" && Number.isSafeInteger(said) ? said : undefined;
}
