import type { Serializer } from "./serializer.ts";
import type { NewEvent } from "../store/event.ts";
import { InvalidName } from "../topology/invalid-name.ts";
import type { MessageIdentity } from "./definition.ts";
import { type OutgoingHeaders, toMetadata } from "./headers.ts";
import { requireMessageId } from "./ids.ts";

/** A message ready to be appended: what it says is fixed, whatever the sender does with the body afterwards. */
export interface OutgoingMessage {
  readonly id: string;
  readonly type: string;
  readonly destination: string | undefined;
  /** Not to be handled before this. */
  readonly deliverAt: Date | undefined;
  readonly event: NewEvent;
  /** Bytes of the body, as the server counts them against its limit on an append. */
  readonly bytes: number;
}

/**
 * Makes the event that a message becomes.
 * @param body the body as given by the sender, after its schema was asked.
 * @throws InvalidBody, InvalidHeader, InvalidName for an id that is no UUID
 */
export function toOutgoingMessage(
  { type }: MessageIdentity,
  body: object,
  id: string,
  headers: OutgoingHeaders,
  serializer: Serializer,
): OutgoingMessage {
  requireMessageId(id);
  if (type.endsWith("*")) throw new InvalidName("message", type, "be one type: a namespace can only be handled");
  const { source, sentAt } = headers;
  const serialized = serializer.serialize(body, { id, type, headers: headers.headers, source, sentAt });
  const event = { id, type, ...serialized, metadata: Buffer.from(JSON.stringify(toMetadata(headers))) };
  const { destination, deliverAt } = headers;
  return { id, type, destination, deliverAt, event, bytes: serialized.data.byteLength };
}
