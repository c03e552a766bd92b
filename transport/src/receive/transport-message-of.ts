import type { Headers, HeaderValue } from "../messages/header-value.ts";
import { headerValueOf, setHeader } from "../messages/headers.ts";
import type { TransportMessage } from "../messages/transport-message.ts";
import type { Metadata, StoredEvent } from "../store/event.ts";

/**
 * The message that an event is, as a transport carries it; each time a new one, so that nobody sees what another changes in it.
 * @param metadata of the event.
 * @param id of the message, which another event may be a copy of.
 */
export function transportMessageOf(event: StoredEvent, metadata: Metadata, id: string): TransportMessage {
  const { type, data: body, isJson } = event;
  return { id, type, headers: allHeadersOf(metadata), body, isJson };
}

/** All headers of a message. What others wrote as an object or a list is given as its JSON text. */
export function allHeadersOf(metadata: Metadata): Headers {
  const headers: Record<string, HeaderValue> = {};
  for (const name of Object.keys(metadata)) setHeader(headers, name, headerValueOf(metadata[name]));
  return headers;
}
