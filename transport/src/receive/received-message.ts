import type { RecordedEvent } from "@eventstore/db-client";
import type { MessageFacts } from "../messages/facts.ts";
import { toFacts } from "../messages/headers.ts";
import { UnreadableMessage } from "./unreadable-message.ts";

/** A message as it was sent. */
export interface ReceivedMessage {
  readonly facts: MessageFacts;
  /** A JSON object or array, or bytes; before any schema was asked. */
  readonly body: object;
}

/** What is known of an event without its body. */
export const factsOf = (event: RecordedEvent): MessageFacts => toFacts(event.id, event.type, event.metadata);

/**
 * Reads the message out of an event.
 * @throws UnreadableMessage. The client gives a JSON body that cannot be parsed as the text it is; a body that is a JSON text
 *   looks the same, which is why none is ever sent.
 */
export function toReceivedMessage(event: RecordedEvent): ReceivedMessage {
  const body: unknown = event.data;
  if (typeof body !== "object" || body === null) {
    throw new UnreadableMessage(
      event.id,
      event.type,
      `its body is no JSON object or array, but ${describe(body)}. Correct the sender; the parked message can be edited and sent again.`,
    );
  }
  return { facts: factsOf(event), body };
}

const describe = (body: unknown): string => {
  if (body === "") return "empty";
  return typeof body === "string" ? `begins with ${JSON.stringify(body.slice(0, 40))}` : `the value ${String(body)}`;
};
