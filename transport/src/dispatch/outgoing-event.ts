import { HEADER } from "../messages/header-names.ts";
import type { Headers, HeaderValue } from "../messages/header-value.ts";
import { requireCorrelationId, requireHeaderValue, setHeader } from "../messages/headers.ts";
import { requireMessageId } from "../messages/ids.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { OutgoingMessage, Routing } from "../messages/outgoing-message.ts";
import type { NewEvent } from "../store/event.ts";
import { requireComponentName } from "../topology/component-name.ts";
import { InvalidName } from "../topology/invalid-name.ts";
import { minuteOf, minuteText } from "../topology/minute.ts";
import { directPublishedStream, directStream, laterStream } from "../topology/stream-names.ts";

/** A message as the event that it becomes. */
export interface OutgoingEvent {
  readonly event: NewEvent;
  /** Bytes of the body, as the server counts them against its limit on an append. */
  readonly bytes: number;
  /** What its metadata says. */
  readonly headers: Headers;
}

/** Headers that say where a message goes, or where it has been: those of a message that is sent on say nothing of the new one. */
const OF_THE_WAY: ReadonlySet<string> = new Set([
  HEADER.destination,
  HEADER.baseTypes,
  HEADER.deliverAt,
  HEADER.later,
  HEADER.dueAt,
  HEADER.discardAfter,
  HEADER.messageId,
  HEADER.delayedRetries,
  HEADER.unknownTypeRetries,
  HEADER.replays,
  HEADER.editOf,
  HEADER.firstFailedAt,
  HEADER.lastFailure,
]);

/** Who sends, when, and because of which message. */
export interface Origin {
  readonly source: string;
  readonly now: Date;
  readonly handling?: Pick<MessageContext, "messageId" | "correlationId"> | undefined;
}

/**
 * Makes the event that a message becomes. What it does not say of itself is said by where it comes from. Its metadata is always a JSON object, and `$correlationId` always a text: anything else
 * stops `$by_correlation_id` or `$by_event_type` of the whole server (corrections 3.12).
 * @throws InvalidHeader, InvalidName
 */
export function toEvent(outgoing: OutgoingMessage, { source, now, handling }: Origin): OutgoingEvent {
  const { id, type, headers, body, isJson } = outgoing.message;
  requireMessageId(id);
  if (type === "" || type.startsWith("$"))
    throw new InvalidName("message type", type, "not be empty or begin with $: such types are the server's own");
  const metadata: Record<string, HeaderValue> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (OF_THE_WAY.has(name)) continue;
    requireHeaderValue(name, value);
    setHeader(metadata, name, value);
  }
  requireCorrelationId(headers[HEADER.correlationId] ?? id);
  addRouting(metadata, outgoing);
  const isSaid = (name: string): boolean => name in headers;
  if (!isSaid(HEADER.correlationId)) metadata[HEADER.correlationId] = handling?.correlationId ?? id;
  if (handling !== undefined && !isSaid(HEADER.causationId)) metadata[HEADER.causationId] = handling.messageId;
  if (!isSaid(HEADER.source)) metadata[HEADER.source] = source;
  if (!isSaid(HEADER.intent)) metadata[HEADER.intent] = outgoing.destination === undefined ? "Publish" : "Send";
  if (!isSaid(HEADER.sentAt)) metadata[HEADER.sentAt] = now.toISOString();
  const event = { id, type, isJson, data: body, metadata: Buffer.from(JSON.stringify(metadata)) };
  return { event, bytes: body.byteLength, headers: metadata };
}

function addRouting(
  metadata: Record<string, HeaderValue>,
  { destination, deliverAt, discardAfter, baseTypes }: Routing,
): void {
  if (destination !== undefined) metadata[HEADER.destination] = destination;
  if (deliverAt !== undefined) {
    metadata[HEADER.deliverAt] = deliverAt.toISOString();
    metadata[HEADER.later] = minuteOfDate(deliverAt);
  }
  if (discardAfter !== undefined) metadata[HEADER.discardAfter] = discardAfter.toISOString();
  if (baseTypes !== undefined && baseTypes.length > 0) metadata[HEADER.baseTypes] = baseTypes.join(",");
}

/** The stream that a message goes to when it is sent or published directly. @throws InvalidName */
export function directTarget(source: string, { destination, deliverAt }: Routing): string {
  if (destination === undefined) return directPublishedStream(source);
  requireComponentName(destination);
  return deliverAt === undefined
    ? directStream(destination, source)
    : laterStream(destination, minuteOfDate(deliverAt));
}

const minuteOfDate = (date: Date): string => minuteText(minuteOf(date.getTime()));
