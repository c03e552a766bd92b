/** Limits of one projection; the server's defaults, which only its HTTP interface can change (spec 3.4). */
export interface ProjectionSettings {
  /** Events handled after which a checkpoint is due. */
  readonly checkpointHandledThreshold: number;
  /** Log bytes without an event to handle after which a checkpoint is due. */
  readonly checkpointUnhandledBytesThreshold: number;
  /** Events waiting to be written at which reading pauses. */
  readonly pendingEventsThreshold: number;
  /** Bytes that a state may take, a partition's or the whole's; so may a result. */
  readonly maxStateBytes: number;
}

export const DEFAULT_SETTINGS: ProjectionSettings = {
  checkpointHandledThreshold: 4000,
  checkpointUnhandledBytesThreshold: 10_000_000,
  pendingEventsThreshold: 5000,
  // What a record of the real server's log can hold, and its default since 24.
  maxStateBytes: 16 * 1024 * 1024,
};

/** Events one append takes at most. */
export const MAX_WRITE_BATCH = 500;
