import type { CallStatistics } from "../grpc/call-meter.ts";
import type { DiskStatistics } from "./disk-meter.ts";

/** What `/stats` shows. */
export interface Statistics {
  readonly server: {
    readonly isReady: boolean;
    readonly compat: number;
    readonly uptimeSeconds: number;
  };
  readonly process: {
    readonly residentBytes: number;
    readonly heapBytes: number;
    readonly cpuSeconds: number;
    /** How long JavaScript ran, of all the time that the server is up. */
    readonly busySeconds: number;
  };
  readonly log: {
    /** Position behind the last event. */
    readonly end: number;
    /** Null for a log in memory. */
    readonly fileBytes: number | null;
  };
  readonly disk: DiskStatistics;
  readonly grpc: CallStatistics;
  readonly persistentSubscriptions: readonly GroupStatistics[];
  readonly projections: readonly ProjectionFigures[];
  /** The one under way. */
  readonly scavenge: { readonly id: string; readonly events: number; readonly bytes: number } | null;
}

export interface GroupStatistics {
  readonly stream: string;
  readonly group: string;
  readonly status: string;
  readonly consumers: number;
  /** Delivered and not settled yet. */
  readonly inFlight: number;
  /** To be delivered once more. */
  readonly retrying: number;
  readonly parked: number;
  /** Delivered since the start of the server, repeats counted. */
  readonly delivered: number;
  readonly lastCheckpoint: number | null;
  readonly lastKnown: number | null;
}

export interface ProjectionFigures {
  readonly name: string;
  readonly status: string;
  /** Why it has faulted; empty while it has not. */
  readonly reason: string;
  readonly isFaulted: boolean;
  readonly isRunning: boolean;
  /** From 0 to 100; -1 before anything was read. */
  readonly progress: number;
  readonly position: string;
  /** Handled since its start. */
  readonly events: number;
  readonly buffered: number;
  /** Spent in its handlers. */
  readonly seconds: number;
}
