/** How a group divides its messages among its consumers (spec 2.3). */
export type ConsumerStrategy = "RoundRobin" | "DispatchToSingle" | "Pinned" | "PinnedByCorrelation";

const STRATEGIES: readonly string[] = [
  "RoundRobin",
  "DispatchToSingle",
  "Pinned",
  "PinnedByCorrelation",
] satisfies readonly ConsumerStrategy[];

export const isConsumerStrategy = (name: string): name is ConsumerStrategy => STRATEGIES.includes(name);

/** What can be chosen of a group beside what it reads and where it starts. Odd values are legal (golden `persistent/settings-validation`). */
export interface GroupSettings {
  /** Delivers what a link points to together with the link, instead of the link alone. */
  readonly resolveLinks: boolean;
  /** Measures how long consumers take. */
  readonly extraStatistics: boolean;
  /** Milliseconds a consumer has to settle a message; it is looked at once a second, so 0 is due at the next look (spec 2.4). */
  readonly messageTimeout: number;
  /** Deliveries after the first before a message is parked. */
  readonly maxRetryCount: number;
  /** Milliseconds between checkpoints by time; 0 for never by time. */
  readonly checkpointAfter: number;
  /** How many messages must be done with before time writes a checkpoint. */
  readonly minCheckpointCount: number;
  /** How many messages done with write a checkpoint at once. */
  readonly maxCheckpointCount: number;
  /** How many may consume at once; 0 for any number. */
  readonly maxSubscriberCount: number;
  /** How many live messages are counted as kept. */
  readonly liveBufferSize: number;
  /** How many records one read of history takes. */
  readonly readBatchSize: number;
  /** How many messages wait in memory for a consumer. */
  readonly historyBufferSize: number;
  readonly consumerStrategy: ConsumerStrategy;
}
