import { HEADER } from "../messages/header-names.ts";
import type { Headers, HeaderValue } from "../messages/header-value.ts";
import { requireUserHeaders } from "../messages/headers.ts";
import { InvalidBody } from "../messages/invalid-body.ts";
import { deriveId } from "../messages/ids.ts";
import type { MessageContext } from "../messages/message-context.ts";
import { jsonSerializer } from "../messages/json-serializer.ts";
import { failureHistoryOf } from "../receive/failure-history.ts";
import { contextOfEvent } from "../receive/received-message.ts";
import { allHeadersOf } from "../receive/transport-message-of.ts";
import { metadataOf, type NewEvent, type StoredEvent } from "../store/event.ts";
import { placeIn } from "../store/place.ts";
import type { Store } from "../store/store.ts";
import type { ParkedEntry } from "./parked-entry.ts";
import { copyOf } from "./retry-copy.ts";

/** A parked message with what was parked; absent where it is gone. */
export interface Original {
  readonly entry: ParkedEntry;
  readonly event: StoredEvent | undefined;
  readonly context: MessageContext | undefined;
  readonly headers: Headers;
}

/** What a person changes in a message. */
export interface Edit {
  /** A JSON object or array, or bytes. Default: as it is. */
  readonly body?: object;
  /**
   * In the place of `body`: the JSON text of an object or array, stored as it is written, so that numbers keep all of their digits.
   */
  readonly json?: string;
  /** Headers to set; undefined removes one. The transport's own cannot be changed. */
  readonly headers?: Readonly<Record<string, HeaderValue | undefined>>;
}

/** Follows the link of a parked message to its place in the queue, and on to the message. */
export async function originalOf(store: Pick<Store, "read">, entry: ParkedEntry): Promise<Original> {
  const gone: Original = { entry, event: undefined, context: undefined, headers: {} };
  const place = placeIn(entry.place);
  if (place === undefined) return gone;
  const [found] = await store.read(place.stream, { from: place.revision, limit: 1, followsLinks: true });
  const at = found?.link ?? found?.event;
  if (found?.event === undefined || found.event.type === "$>" || at?.revision !== place.revision) return gone;
  const { event } = found;
  const metadata = metadataOf(event);
  return { entry, event, context: contextOfEvent(event, metadata), headers: allHeadersOf(metadata) };
}

/** One copy for each parking, whatever it becomes: so that it comes back once. */
const idOf = ({ id }: ParkedEntry): string => deriveId(id, "replay");

/**
 * The same message once more: the same id to its receiver, with the history of its failures, and no longer with what a retry must not
 * inherit, such as its delayed retries, or a time that may be over.
 */
export function replayCopy({ entry, event, context }: Original): NewEvent {
  const original = event ?? never();
  return {
    ...copyOf(original, { ...historyOf(entry, original), [HEADER.messageId]: context?.messageId }),
    id: idOf(entry),
  };
}

/** Another message in the place of the original, with its history. @throws InvalidBody, InvalidHeader */
export function editedCopy({ entry, event, context }: Original, { body, json, headers = {} }: Edit): NewEvent {
  const original = event ?? never();
  requireUserHeaders(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value ?? ""])));
  const { id, type } = original;
  const said = { id, type, headers: context?.headers ?? {}, source: context?.source, sentAt: context?.sentAt };
  const content =
    json !== undefined
      ? { ...original, data: requireJson(type, json), isJson: true }
      : body === undefined
        ? original
        : { ...original, ...jsonSerializer.serialize(body, said) };
  return {
    ...copyOf(content, {
      ...headers,
      ...historyOf(entry, original),
      [HEADER.messageId]: undefined,
      [HEADER.editOf]: context?.messageId,
    }),
    id: idOf(entry),
  };
}

/** @throws InvalidBody */
function requireJson(type: string, json: string): Uint8Array {
  let body: unknown;
  try {
    body = JSON.parse(json);
  } catch (cause) {
    throw new InvalidBody(type, "it is not JSON", { cause });
  }
  if (typeof body !== "object" || body === null) throw new InvalidBody(type, "it is no JSON object or array");
  return Buffer.from(json);
}

function historyOf(entry: ParkedEntry, event: StoredEvent): Readonly<Record<string, HeaderValue | undefined>> {
  const { replays, firstFailedAt } = failureHistoryOf(metadataOf(event));
  const { name, message } = entry.exception;
  return {
    [HEADER.replays]: Math.max(replays, entry.replays) + 1,
    [HEADER.firstFailedAt]: (firstFailedAt ?? entry.firstFailedAt).toISOString(),
    [HEADER.lastFailure]: `${name}: ${message}`.slice(0, 500),
    [HEADER.delayedRetries]: undefined,
    [HEADER.unknownTypeRetries]: undefined,
    [HEADER.deliverAt]: undefined,
    [HEADER.discardAfter]: undefined,
  };
}

function never(): never {
  throw new Error("A message that is gone is not copied.");
}
