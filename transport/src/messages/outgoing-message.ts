import type { Serializer } from "./serializer.ts";
import { InvalidName } from "../topology/invalid-name.ts";
import type { MessageIdentity } from "./definition.ts";
import { headersOf, type OutgoingHeaders } from "./headers.ts";
import { requireMessageId } from "./ids.ts";
import type { TransportMessage } from "./transport-message.ts";

/** Where a message goes, and when. */
export interface Routing {
  /** Undefined for an event: it goes to whoever has subscribed. */
  readonly destination?: string | undefined;
  /** Not to be handled before this. */
  readonly deliverAt?: Date | undefined;
  /** To be dropped by a receiver that gets to it later than this. */
  readonly discardAfter?: Date | undefined;
  /** Types that an event extends. */
  readonly baseTypes?: readonly string[] | undefined;
}

/** A message ready to leave: what it says is fixed, whatever the sender does with the body afterwards. */
export interface OutgoingMessage extends Routing {
  readonly message: TransportMessage;
}

/**
 * Makes the message that is sent.
 * @param body the body as given by the sender, after its schema was asked.
 * @throws InvalidBody, InvalidHeader, InvalidName for an id that is no UUID
 */
export function toOutgoingMessage(
  { type }: MessageIdentity,
  body: object,
  id: string,
  outgoing: OutgoingHeaders,
  routing: Routing,
  serializer: Serializer,
): OutgoingMessage {
  requireMessageId(id);
  if (type.endsWith("*")) throw new InvalidName("message", type, "be one type: a namespace can only be handled");
  const { source, sentAt } = outgoing;
  const { isJson, data } = serializer.serialize(body, { id, type, headers: outgoing.headers, source, sentAt });
  return { message: { id, type, headers: headersOf(outgoing), body: data, isJson }, ...routing };
}
