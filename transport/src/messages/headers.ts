import type { Intent, MessageFacts } from "./facts.ts";
import { InvalidHeader } from "./invalid-header.ts";

/** What the transport says of a message that it sends, besides type and body. */
export interface Envelope {
  readonly correlationId: string;
  readonly causationId?: string;
  readonly source: string;
  /** The component whose queue it goes to; published events have none. */
  readonly destination?: string;
  readonly replyTo?: string;
  readonly intent: Intent;
  readonly sentAt: Date;
  readonly headers: Readonly<Record<string, string>>;
}

const RESERVED: ReadonlySet<string> = new Set([
  "destination",
  "replyTo",
  "source",
  "intent",
  "sentAt",
  "timeToBeReceived",
]);
const INTENTS: ReadonlySet<string> = new Set<Intent>(["Send", "Publish", "Reply"]);

/**
 * The metadata of the event that a message becomes. Always a JSON object, and `$correlationId` always a text: anything else
 * stops `$by_correlation_id` or `$by_event_type` of the whole server (corrections 3.12).
 * @throws InvalidHeader for a header that the transport uses itself, that begins with `$`, or that is no text.
 */
export function toMetadata(envelope: Envelope): Record<string, string> {
  const { correlationId, causationId, source, destination, replyTo, intent, sentAt, headers } = envelope;
  for (const [name, value] of Object.entries(headers)) {
    if (RESERVED.has(name) || name.startsWith("$"))
      throw new InvalidHeader(name, "the transport uses this name itself");
    if (typeof value !== "string") throw new InvalidHeader(name, "its value is not a text");
  }
  return {
    ...headers,
    $correlationId: correlationId,
    ...(causationId === undefined ? {} : { $causationId: causationId }),
    source,
    ...(destination === undefined ? {} : { destination }),
    ...(replyTo === undefined ? {} : { replyTo }),
    intent,
    sentAt: sentAt.toISOString(),
  };
}

/**
 * Reads the metadata of a received event, whoever wrote it: what is missing or of another type is taken as not said, so that a
 * plain append of another program is a message too.
 */
export function toFacts(messageId: string, type: string, metadata: unknown): MessageFacts {
  const said = isRecord(metadata) ? metadata : {};
  const correlationId = text(said["$correlationId"]);
  const sentAt = new Date(text(said["sentAt"]) ?? Number.NaN);
  const intent = text(said["intent"]);
  return Object.freeze({
    messageId,
    type,
    correlationId: correlationId ?? messageId,
    ...optional("causationId", text(said["$causationId"])),
    ...optional("source", text(said["source"])),
    ...optional("replyTo", text(said["replyTo"])),
    ...optional("intent", intent !== undefined && INTENTS.has(intent) ? (intent as Intent) : undefined),
    ...optional("sentAt", Number.isNaN(sentAt.getTime()) ? undefined : sentAt),
    headers: Object.freeze(userHeaders(said)),
  });
}

function userHeaders(said: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(said)
      .filter(([name]) => !RESERVED.has(name) && !name.startsWith("$"))
      .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

const optional = <Name extends string, Value>(name: Name, value: Value | undefined): { readonly [K in Name]?: Value } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [K in Name]?: Value };
