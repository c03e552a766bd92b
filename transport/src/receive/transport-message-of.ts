import type { Headers, HeaderValue } from "../messages/header-value.ts";
import { isHeaderValue } from "../messages/headers.ts";
import type { TransportMessage } from "../messages/transport-message.ts";
import { metadataOf, type StoredEvent } from "../store/event.ts";

/**
 * The message that an event is, as a transport carries it; each time a new one, so that nobody sees what another changes in it.
 * @param id of the message, which another event may be a copy of.
 */
export function transportMessageOf(event: StoredEvent, id: string): TransportMessage {
  const { type, data: body, isJson } = event;
  return { id, type, headers: allHeadersOf(event), body, isJson };
}

/** All headers of a message. What others wrote as an object or a list is given as its JSON text. */
export const allHeadersOf = (event: Pick<StoredEvent, "metadata">): Headers =>
  Object.fromEntries(
    Object.entries(Object(metadataOf(event)) as Readonly<Record<string, unknown>>).map(
      ([name, value]): [string, HeaderValue] => [name, isHeaderValue(value) ? value : JSON.stringify(value)],
    ),
  );
