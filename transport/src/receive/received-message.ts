import type { MessageContext } from "../messages/message-context.ts";
import { messageContextOf } from "../messages/headers.ts";
import type { Serializer } from "../messages/serializer.ts";
import { type Metadata, metadataOf, type StoredEvent } from "../store/event.ts";
import { describeError } from "./describe-error.ts";
import { UnreadableMessage } from "./unreadable-message.ts";

/** A message as it was sent. */
export interface ReceivedMessage {
  readonly context: MessageContext;
  /** A JSON object or array, or bytes; before any schema was asked. */
  readonly body: object;
}

/** What is known of an event without its body. */
export const contextOfEvent = (event: StoredEvent, metadata: Metadata = metadataOf(event)): MessageContext =>
  messageContextOf(event.id, event.type, metadata);

/**
 * Reads the message out of an event.
 * @throws UnreadableMessage
 */
export function toReceivedMessage(event: StoredEvent, serializer: Serializer): ReceivedMessage {
  const context = contextOfEvent(event);
  return { context, body: bodyWith(serializer, event, context) };
}

/** The body of a message that is stored as an event. @throws UnreadableMessage */
export function bodyWith(
  serializer: Serializer,
  event: Pick<StoredEvent, "id" | "type" | "isJson" | "data">,
  { headers, source, sentAt }: MessageContext,
): object {
  const { id, type, isJson, data } = event;
  try {
    return serializer.deserialize({ isJson, data }, { id, type, headers, source, sentAt });
  } catch (cause) {
    const { message } = describeError(cause, LONGEST);
    const why = `its body, which ${beginningOf(data)}, cannot be read: ${message}. Correct the sender; the parked message can be edited and sent again.`;
    throw new UnreadableMessage(id, type, why);
  }
}

const LONGEST = 200;

const beginningOf = (data: Uint8Array): string =>
  data.length === 0 ? "is empty" : `begins with ${JSON.stringify(Buffer.from(data).toString("utf8", 0, 40))}`;
