/** What is said of a span or of a measured value: names by OpenTelemetry's conventions, and Sluice's own. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** The value of `messaging.system`. The conventions name none for EventStoreDB. */
export const SYSTEM = "eventstoredb";

export const ATTRIBUTE = {
  system: "messaging.system",
  /** What was called: `send`, `publish`, `reply`, `process`. */
  operation: "messaging.operation.name",
  operationType: "messaging.operation.type",
  /** A component, or the type of an event that is published. */
  destination: "messaging.destination.name",
  consumerGroup: "messaging.consumer.group.name",
  messageId: "messaging.message.id",
  /** The correlation id. */
  conversation: "messaging.message.conversation_id",
  bodySize: "messaging.message.body.size",
  batchSize: "messaging.batch.message_count",
  errorType: "error.type",
  /** The component that handles, or the component or sender that sends. */
  component: "sluice.component",
  messageType: "sluice.message.type",
  attempt: "sluice.attempt",
  delayedRetries: "sluice.delayed_retries",
  retry: "sluice.retry",
  reason: "sluice.reason",
} as const;

/** Longest name of an error. */
const LONGEST = 100;

/** The class of what was thrown, as far as it can be told. It never throws. */
export function errorTypeOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return "_OTHER";
    const { name } = error;
    const own = typeof name === "string" && name !== "" && name !== "Error" ? name : error.constructor.name;
    return (own || "Error").slice(0, LONGEST);
  } catch {
    return "_OTHER";
  }
}
