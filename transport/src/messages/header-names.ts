/**
 * Names of the headers that the transport writes: its own begin with `sluice.`, those of EventStoreDB with `$`. All other names
 * are the users'.
 */
export const HEADER = {
  correlationId: "$correlationId",
  causationId: "$causationId",
  source: "sluice.source",
  destination: "sluice.destination",
  replyTo: "sluice.replyTo",
  intent: "sluice.intent",
  sentAt: "sluice.sentAt",
  /** Further types that an event is one of, the nearest first, separated by commas. */
  baseTypes: "sluice.baseTypes",
  /** Not to be handled before this. */
  deliverAt: "sluice.deliverAt",
  /** The minute it is due, for the router that leads it to the stream of that minute. */
  later: "sluice.later",
  /** When a deferred message was due, on copies of it for a retry, which have a `deliverAt` of their own. */
  dueAt: "sluice.dueAt",
  /** To be dropped by a receiver that gets to it later than this. */
  discardAfter: "sluice.discardAfter",
  /** Id of the message that this event is a copy of; without it the event's own id is the message's. */
  messageId: "sluice.messageId",
  /** Delayed retries so far. */
  delayedRetries: "sluice.delayedRetries",
  /** Times that instances gave it back, since they did not know its type. */
  unknownTypeRetries: "sluice.unknownTypeRetries",
  /** Times a person had it handled again after it was parked. */
  replays: "sluice.replays",
  /** Id of the message that a person edited to make this one. */
  editOf: "sluice.editOf",
  firstFailedAt: "sluice.firstFailedAt",
  /** What was thrown last, in one line. */
  lastFailure: "sluice.lastFailure",
} as const;

export const isReserved = (name: string): boolean => name.startsWith("$") || name.startsWith("sluice.");
