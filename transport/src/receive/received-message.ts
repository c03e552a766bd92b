import type { MessageContext } from "../messages/message-context.ts";
import { messageContextOf } from "../messages/headers.ts";
import { bodyOf, metadataOf, type StoredEvent } from "../store/event.ts";
import { UnreadableMessage } from "./unreadable-message.ts";

/** A message as it was sent. */
export interface ReceivedMessage {
  readonly context: MessageContext;
  /** A JSON object or array, or bytes; before any schema was asked. */
  readonly body: object;
}

/** What is known of an event without its body. */
export const contextOfEvent = (event: StoredEvent): MessageContext =>
  messageContextOf(event.id, event.type, metadataOf(event));

/**
 * Reads the message out of an event.
 * @throws UnreadableMessage
 */
export function toReceivedMessage(event: StoredEvent): ReceivedMessage {
  const body = event.isJson ? bodyOf(event) : event.data;
  if (typeof body !== "object" || body === null) {
    throw new UnreadableMessage(
      event.id,
      event.type,
      `its body is no JSON object or array, but ${describe(event, body)}. Correct the sender; the parked message can be edited and sent again.`,
    );
  }
  return { context: contextOfEvent(event), body };
}

function describe({ data }: StoredEvent, body: unknown): string {
  if (data.length === 0) return "empty";
  if (body !== undefined) return `the value ${JSON.stringify(body)}`;
  return `begins with ${JSON.stringify(Buffer.from(data).toString("utf8", 0, 40))}`;
}
