import { statSync } from "node:fs";
import type { GroupInfo } from "../persistent/group-info.ts";
import { nameOf } from "../persistent/group-config.ts";
import type { ProjectionStatistics } from "../projections/management/managed-projection.ts";
import type { CallStatistics } from "../grpc/call-meter.ts";
import type { DiskStatistics } from "./disk-meter.ts";
import type { GroupStatistics, ProjectionFigures, Statistics } from "./statistics.ts";

/** Where the figures come from; each is asked when they are read. */
export interface StatisticsSources {
  readonly compat: number;
  readonly store: { readonly end: number };
  /** The log's file; undefined for one in memory. */
  readonly file: string | undefined;
  readonly disk: { read(): DiskStatistics };
  readonly calls: { read(): CallStatistics };
  readonly groups: { list(): readonly GroupInfo[] };
  readonly projections: { figures(): readonly ProjectionStatistics[] };
  readonly scavenges: { readonly running: Statistics["scavenge"] | undefined };
}

export function readStatistics(sources: StatisticsSources): Statistics {
  const disk = sources.disk.read();
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    server: { isReady: !disk.isRefusing, compat: sources.compat, uptimeSeconds: process.uptime() },
    process: {
      residentBytes: rss,
      heapBytes: heapUsed,
      cpuSeconds: (user + system) / 1e6,
      busySeconds: performance.eventLoopUtilization().active / 1000,
    },
    log: { end: sources.store.end, fileBytes: sources.file === undefined ? null : sizeOf(sources.file) },
    disk,
    grpc: sources.calls.read(),
    persistentSubscriptions: sources.groups.list().map(figuresOfGroup),
    projections: sources.projections.figures().map(figuresOfProjection),
    scavenge: sources.scavenges.running ?? null,
  };
}

function sizeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.size ?? null;
}

function figuresOfGroup(info: GroupInfo): GroupStatistics {
  return {
    ...nameOf(info.config),
    status: info.status,
    consumers: info.consumers.length,
    inFlight: info.inFlight,
    retrying: info.retryBuffer,
    parked: info.parked,
    delivered: info.totalItems,
    lastCheckpoint: info.lastCheckpoint ?? null,
    lastKnown: info.lastKnown ?? null,
  };
}

function figuresOfProjection(of: ProjectionStatistics): ProjectionFigures {
  return {
    name: of.name,
    status: of.status,
    reason: of.stateReason,
    isFaulted: of.status.startsWith("Faulted"),
    isRunning: of.status.startsWith("Running"),
    progress: of.progress,
    position: of.position,
    events: of.eventsProcessedAfterRestart,
    buffered: of.bufferedEvents,
    seconds: of.coreProcessingTime / 1000,
  };
}

/** The figures of the server as a whole as one list, each by its place in {@link Statistics}: `disk-writes`. */
export function flatFigures({ server, process, log, disk, scavenge }: Statistics): Record<string, number | string> {
  const flat: Record<string, number | string> = {};
  for (const [part, figures] of Object.entries({ server, process, log, disk, scavenge: scavenge ?? {} })) {
    for (const [name, value] of Object.entries(figures)) {
      if (typeof value === "number" || typeof value === "string") flat[`${part}-${name}`] = value;
    }
  }
  return flat;
}
