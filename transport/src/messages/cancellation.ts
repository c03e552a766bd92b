import type { NewEvent } from "../store/event.ts";
import type { SendingContext } from "./compose.ts";
import type { DeferredMessage } from "./deferred-message.ts";
import { headersOf } from "./headers.ts";
import { deriveId, requireMessageId } from "./ids.ts";
import type { OutgoingMessage } from "./outgoing-message.ts";
import { requireComponentName } from "../topology/component-name.ts";

/** Type of the event that cancels a deferred message. It stands among those of the message's minute. */
export const CANCELLED = "sluice.Cancelled";

/**
 * What stands for its type in its id: which message it cancels is a part of it. A handler that is run again may cancel another one, and
 * that must not be taken for the cancellation before.
 */
export const cancellationName = ({ id }: DeferredMessage): string => `${CANCELLED}/${id}`;

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
 * The same as a message that leaves with others, in one append with them: it is routed to the stream of the minute as the deferred
 * message is.
 * @param id of this message.
 * @throws InvalidName
 */
export function cancellationMessage(
  { id: canceled, to, deliverAt }: DeferredMessage,
  id: string,
  { source, handling, sentAt }: SendingContext & { readonly handling: NonNullable<SendingContext["handling"]> },
): OutgoingMessage {
  requireMessageId(canceled);
  requireComponentName(to);
  const { correlationId, messageId: causationId } = handling;
  const headers = headersOf({ correlationId, causationId, source, intent: "Send", sentAt, headers: {} });
  return {
    message: { id, type: CANCELLED, headers, body: bodyOf(canceled), isJson: true },
    destination: to,
    deliverAt,
  };
}
