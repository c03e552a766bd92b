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
} as const;

export const isReserved = (name: string): boolean => name.startsWith("$") || name.startsWith("sluice.");
