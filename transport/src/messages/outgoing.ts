import { binaryEvent, type EventData, jsonEvent, type JSONType } from "@eventstore/db-client";
import type { MessageIdentity } from "./definition.ts";
import { type Envelope, toMetadata } from "./headers.ts";
import { InvalidBody } from "./invalid-body.ts";

/** A message ready to be appended: what it says is fixed, whatever the sender does with the body afterwards. */
export interface Outgoing {
  readonly id: string;
  readonly type: string;
  readonly destination: string | undefined;
  readonly event: EventData;
  /** Bytes of the body, as the server counts them against its limit on an append. */
  readonly bytes: number;
}

/**
 * Makes the event that a message becomes.
 * @param body the body as given by the sender, after its schema was asked.
 * @throws InvalidBody, InvalidHeader
 */
export function toOutgoing(definition: MessageIdentity, body: object, id: string, envelope: Envelope): Outgoing {
  const { type } = definition;
  const metadata = toMetadata(envelope);
  const common = { id, type, destination: envelope.destination };
  if (body instanceof Uint8Array) {
    // The client copies the bytes.
    return { ...common, event: binaryEvent({ id, type, data: body, metadata }), bytes: body.byteLength };
  }
  const text = toJson(type, body);
  const data = JSON.parse(text) as JSONType;
  return { ...common, event: jsonEvent({ id, type, data, metadata }), bytes: Buffer.byteLength(text) };
}

/** A text, a number or null would be valid JSON, but the client gives a text and unreadable data to receivers in the same form. */
function toJson(type: string, body: unknown): string {
  if (typeof body !== "object" || body === null) {
    throw new InvalidBody(type, `it is ${body === null ? "null" : `a ${typeof body}`}`);
  }
  let text: string | undefined;
  try {
    text = JSON.stringify(body);
  } catch (cause) {
    throw new InvalidBody(type, "it is not JSON", { cause });
  }
  if (text === undefined || (text[0] !== "{" && text[0] !== "["))
    throw new InvalidBody(type, "its toJSON gives no object");
  return text;
}
