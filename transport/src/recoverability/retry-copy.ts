import { HEADER } from "../messages/header-names.ts";
import { deriveId } from "../messages/ids.ts";
import { classify } from "./classify.ts";
import { describeError } from "../receive/describe-error.ts";
import { contextOfEvent } from "../receive/received-message.ts";
import { metadataOf, type NewEvent, type StoredEvent } from "../store/event.ts";

/** Longest text of the last failure in a header. */
const LONGEST = 500;

/** What a copy for a delayed retry is made from. */
export interface DelayedRetry {
  readonly event: StoredEvent;
  readonly messageId: string;
  readonly error: unknown;
  /** Delayed retries before this one. */
  readonly delayedRetries: number;
  /** Times it was given back before. */
  readonly unknownTypeRetries: number;
  readonly replays: number;
  readonly firstFailedAt: Date;
  readonly deliverAt: Date;
}

/**
 * The copy of a message that is handled again later: the same type, body and headers, with the history of its failures. Its id
 * derives from the message's and from how often it was tried, so that one copied twice, after a crash, is recognized. What was given
 * back for another instance was not tried.
 */
export function delayedCopy(retry: DelayedRetry): NewEvent {
  const { event, messageId, error, replays, firstFailedAt, deliverAt } = retry;
  const isGivenBack = classify(error) === "unknown type";
  const delayedRetries = retry.delayedRetries + (isGivenBack ? 0 : 1);
  const unknownTypeRetries = retry.unknownTypeRetries + (isGivenBack ? 1 : 0);
  const { name, message } = describeError(error, LONGEST);
  return {
    ...copyOf(event, {
      [HEADER.messageId]: messageId,
      ...(delayedRetries > 0 ? { [HEADER.delayedRetries]: delayedRetries } : {}),
      ...(unknownTypeRetries > 0 ? { [HEADER.unknownTypeRetries]: unknownTypeRetries } : {}),
      [HEADER.firstFailedAt]: firstFailedAt.toISOString(),
      [HEADER.lastFailure]: `${name}: ${message}`,
      [HEADER.deliverAt]: deliverAt.toISOString(),
      [HEADER.dueAt]: contextOfEvent(event).dueAt?.toISOString(),
    }),
    id: deriveId(messageId, `retry/${replays}/${delayedRetries}${isGivenBack ? `/${unknownTypeRetries}` : ""}`),
  };
}

/**
 * The same event with further headers, and without those that are `undefined`. What is no JSON object in its metadata, and a
 * correlation id that is no text, is left out: both stop system projections of the whole server (corrections 3.12).
 */
export function copyOf(
  { type, isJson, data, metadata }: Omit<NewEvent, "id">,
  headers: Readonly<Record<string, unknown>>,
): Omit<NewEvent, "id"> {
  const kept: Record<string, unknown> = { ...metadataOf({ metadata }) };
  if (typeof kept[HEADER.correlationId] !== "string") delete kept[HEADER.correlationId];
  delete kept[HEADER.later];
  return { type, isJson, data, metadata: Buffer.from(JSON.stringify({ ...kept, ...headers })) };
}
