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

/** Of a projection whose version has yet to be compiled: nothing was reported (spec 3.10). */
export const UNREPORTED: InstanceStatistics = {
  version: { id: -1, epoch: -1, version: -1 },
  state: "Stopped",
  position: "",
  lastCheckpoint: "",
  progress: -1,
  eventsProcessedAfterRestart: 0,
  coreProcessingTime: 0,
  partitionsCached: 0,
  bufferedEvents: 0,
  writesInProgress: 0,
  readsInProgress: 0,
  writePendingEventsBeforeCheckpoint: 0,
  writePendingEventsAfterCheckpoint: 0,
  checkpointStatus: "",
};
