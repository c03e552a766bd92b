import type { NewEvent } from "../store/event.ts";
import type { SendingContext } from "./compose.ts";
import type { DeferredMessage } from "./deferred-message.ts";
import { toMetadata } from "./headers.ts";
import { deriveId } from "./ids.ts";
import type { OutgoingMessage } from "./outgoing-message.ts";

/** Type of the event that cancels a deferred message. It stands among those of the message's minute. */
export const CANCELLED = "sluice.Cancelled";

const bodyOf = (messageId: string): Uint8Array => Buffer.from(JSON.stringify({ messageId }));

/** The event that cancels a message from outside of any handler, to be appended to the stream of its minute. The same each time. */
export const cancellationOf = (messageId: string): NewEvent => ({
  id: deriveId(messageId, "cancelled"),
  type: CANCELLED,
  isJson: true,
  data: bodyOf(messageId),
  metadata: new Uint8Array(),
});

/**
 * The same as a message that leaves with others, in one append with them: its headers lead it to the stream of the minute, as they
 * lead the deferred message.
 * @param id of this message.
 * @throws InvalidName
 */
export function cancellationMessage(
  { id: canceled, to, deliverAt }: DeferredMessage,
  id: string,
  { source, handling, sentAt }: SendingContext & { readonly handling: NonNullable<SendingContext["handling"]> },
): OutgoingMessage {
  const data = bodyOf(canceled);
  const metadata = toMetadata({
    correlationId: handling.correlationId,
    causationId: handling.messageId,
    source,
    destination: to,
    intent: "Send",
    sentAt,
    deliverAt,
    headers: {},
  });
  const event = { id, type: CANCELLED, isJson: true, data, metadata: Buffer.from(JSON.stringify(metadata)) };
  return { id, type: CANCELLED, destination: to, deliverAt, event, bytes: data.byteLength };
}
