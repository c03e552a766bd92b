import type { NewEvent } from "../store/event.ts";
import type { MessageIdentity } from "./definition.ts";
import { type OutgoingHeaders, toMetadata } from "./headers.ts";
import { requireMessageId } from "./ids.ts";
import { InvalidBody } from "./invalid-body.ts";

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
  definition: MessageIdentity,
  body: object,
  id: string,
  headers: OutgoingHeaders,
): OutgoingMessage {
  const { type } = definition;
  requireMessageId(id);
  const { isJson, data } = toContent(type, body);
  const event = { id, type, isJson, data, metadata: Buffer.from(JSON.stringify(toMetadata(headers))) };
  const { destination, deliverAt } = headers;
  return { id, type, destination, deliverAt, event, bytes: data.byteLength };
}

/** The bytes of a body, as they are stored. @throws InvalidBody */
export function toContent(type: string, body: object): { readonly isJson: boolean; readonly data: Uint8Array } {
  const isJson = !(body instanceof Uint8Array);
  // A copy: the sender may go on to write into his bytes.
  return { isJson, data: isJson ? Buffer.from(toJson(type, body)) : Uint8Array.from(body) };
}

/** A text, a number or null would be valid JSON, but no body: a body can grow by what a later version adds to it. */
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
