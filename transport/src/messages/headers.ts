import type { Headers, HeaderValue } from "./header-value.ts";
import { HEADER, isReserved } from "./header-names.ts";
import { isMessageId } from "./ids.ts";
import { InvalidHeader } from "./invalid-header.ts";
import type { Intent, MessageContext } from "./message-context.ts";

/** What a sender says of a message, besides type, body and where it goes. */
export interface OutgoingHeaders {
  readonly correlationId: string;
  readonly causationId?: string;
  readonly source: string;
  readonly replyTo?: string;
  readonly intent: Intent;
  readonly sentAt: Date;
  readonly headers: Headers;
}

const INTENTS: ReadonlySet<string> = new Set<Intent>(["Send", "Publish", "Reply"]);

/**
 * The headers of a message that is sent, the users' and the transport's own.
 * @throws InvalidHeader for a correlation id that is no text, a header that begins with `$` or `sluice.`, and a value that is no
 *   text, finite number or boolean.
 */
export function headersOf(outgoing: OutgoingHeaders): Headers {
  const { correlationId, causationId, source, replyTo, intent, sentAt, headers } = outgoing;
  requireCorrelationId(correlationId);
  requireUserHeaders(headers);
  return {
    ...headers,
    [HEADER.correlationId]: correlationId,
    ...(causationId === undefined ? {} : { [HEADER.causationId]: causationId }),
    [HEADER.source]: source,
    ...(replyTo === undefined ? {} : { [HEADER.replyTo]: replyTo }),
    [HEADER.intent]: intent,
    [HEADER.sentAt]: sentAt.toISOString(),
  };
}

/** @throws InvalidHeader: a correlation id that is no text stops `$by_correlation_id` of the whole server (corrections 3.12). */
export function requireCorrelationId(correlationId: unknown): void {
  if (typeof correlationId === "string" && correlationId !== "") return;
  throw new InvalidHeader("correlationId", "it is not a text, and would stop a system projection of the whole server");
}

/** Refuses names that are not the users', and values that no header has. @throws InvalidHeader */
export function requireUserHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) {
    if (isReserved(name)) throw new InvalidHeader(name, "names that begin with $ or sluice. are the transport's own");
    requireHeaderValue(name, value);
  }
}

/** @throws InvalidHeader */
export function requireHeaderValue(name: string, value: unknown): void {
  if (!isHeaderValue(value)) throw new InvalidHeader(name, "its value is not a text, a finite number or a boolean");
}

/**
 * Reads the metadata of a received event, whoever wrote it: what is missing or of another type is taken as not said, so that a
 * plain append of another program is a message too.
 */
export function messageContextOf(eventId: string, type: string, metadata: unknown): MessageContext {
  const said = isRecord(metadata) ? metadata : {};
  const copied = text(said[HEADER.messageId]);
  const messageId = copied !== undefined && isMessageId(copied) ? copied : eventId;
  const context: Writable<MessageContext> = {
    messageId,
    type,
    correlationId: text(said[HEADER.correlationId]) ?? messageId,
    headers: Object.freeze(userHeaders(said)),
  };
  const intent = text(said[HEADER.intent]);
  // A copy for a retry has a time of its own, which says nothing of when the message was due.
  const due = said[HEADER.dueAt] ?? (said[HEADER.firstFailedAt] === undefined ? said[HEADER.deliverAt] : undefined);
  set(context, "causationId", text(said[HEADER.causationId]));
  set(context, "source", text(said[HEADER.source]));
  set(context, "replyTo", text(said[HEADER.replyTo]));
  set(context, "intent", intent !== undefined && INTENTS.has(intent) ? (intent as Intent) : undefined);
  set(context, "sentAt", dateOf(said[HEADER.sentAt]));
  set(context, "dueAt", dateOf(due));
  set(context, "baseTypes", baseTypesIn(said));
  return Object.freeze(context);
}

/** Further types that an event is one of, the nearest first; undefined where its metadata name none. */
export const baseTypesIn = (metadata: Readonly<Record<string, unknown>>): readonly string[] | undefined =>
  text(metadata[HEADER.baseTypes])?.split(",");

function userHeaders(said: Readonly<Record<string, unknown>>): Headers {
  const headers: Record<string, HeaderValue> = {};
  for (const name of Object.keys(said)) if (!isReserved(name)) setHeader(headers, name, headerValueOf(said[name]));
  return headers;
}

/** Whatever it is called: `__proto__` is a name like any other. */
export function setHeader(headers: Record<string, HeaderValue>, name: string, value: HeaderValue): void {
  if (name !== "__proto__") headers[name] = value;
  else Object.defineProperty(headers, name, { value, enumerable: true, writable: true, configurable: true });
}

/** What others wrote as an object or a list is given as its JSON text. */
export const headerValueOf = (value: unknown): HeaderValue => (isHeaderValue(value) ? value : JSON.stringify(value));

export const isHeaderValue = (value: unknown): value is HeaderValue =>
  typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** A moment as a header has it; undefined for what is none. */
export function dateOf(value: unknown): Date | undefined {
  if (typeof value !== "string") return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

function set<Name extends keyof MessageContext>(
  context: Writable<MessageContext>,
  name: Name,
  value: MessageContext[Name] | undefined,
): void {
  if (value !== undefined) context[name] = value;
}
