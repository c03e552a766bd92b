import type { ProjectionVersion } from "./version.ts";

/** What a running version of a projection is at, in the server's words (spec 3.10). */
export type InstanceState =
  | "Initial"
  | "LoadStateRequested"
  | "StateLoaded"
  | "Running"
  | "Stopping"
  | "Stopped"
  | "FaultedStopping"
  | "Faulted"
  | "PhaseCompleted";

export interface InstanceStatistics {
  readonly version: ProjectionVersion;
  readonly state: InstanceState;
  /** Text of the tag of the last event handled. */
  readonly position: string;
  /** Text of the tag of the last checkpoint. */
  readonly lastCheckpoint: string;
  /** From 0 to 100; -1 before anything was read. */
  readonly progress: number;
  readonly eventsProcessedAfterRestart: number;
  /** Milliseconds spent in the handler. */
  readonly coreProcessingTime: number;
  readonly partitionsCached: number;
  readonly bufferedEvents: number;
  readonly writesInProgress: number;
  readonly readsInProgress: number;
  readonly writePendingEventsBeforeCheckpoint: number;
  readonly writePendingEventsAfterCheckpoint: number;
  readonly checkpointStatus: string;
}
