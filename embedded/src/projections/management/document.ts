import type { SourceDefinition } from "../handler.ts";
import { recordText } from "../record-text.ts";
import { DEFAULT_SETTINGS, MAX_WRITE_BATCH } from "../settings.ts";
import { ENGINE_VERSION } from "../version.ts";

export type ProjectionMode = "Continuous" | "OneTime" | "Transient";

/** What is stored of a projection, in `$projections-<name>`; its version is the number of the event that holds it (spec 3.4). */
export interface ProjectionDocument {
  /** `JS`, or `native:` and the name of the server's class. */
  readonly handlerType: string;
  readonly query: string;
  readonly mode: ProjectionMode;
  readonly enabled: boolean;
  readonly emitEnabled: boolean;
  readonly trackEmittedStreams: boolean;
  readonly checkpointsDisabled: boolean;
  readonly epoch: number;
  readonly version: number;
  /** Absent as long as the query has not compiled. */
  readonly definition?: SourceDefinition;
  readonly deletion?: DeletionFlags;
}

/** What goes with a projection when it is deleted. */
export interface DeletionFlags {
  readonly checkpointStream: boolean;
  /** Stored, but without any effect (spec 3.11). */
  readonly stateStream: boolean;
  /** Only those that were tracked. */
  readonly emittedStreams: boolean;
}

/** The JSON form; what has its default is left out where the server does so (golden `projection-output/stored-definition`). */
export function formatDocument(document: ProjectionDocument): string {
  const { deletion, definition } = document;
  return JSON.stringify({
    handlerType: document.handlerType,
    query: document.query,
    mode: document.mode,
    ...(document.enabled && { enabled: true }),
    ...(deletion && formatDeletion(deletion)),
    ...(definition && { sourceDefinition: formatDefinition(definition) }),
    emitEnabled: document.emitEnabled,
    checkpointsDisabled: document.checkpointsDisabled,
    trackEmittedStreams: document.trackEmittedStreams,
    epoch: document.epoch,
    version: document.version,
    runAs: { name: "$system" },
    checkpointHandledThreshold: DEFAULT_SETTINGS.checkpointHandledThreshold,
    checkpointUnhandledBytesThreshold: DEFAULT_SETTINGS.checkpointUnhandledBytesThreshold,
    pendingEventsThreshold: DEFAULT_SETTINGS.pendingEventsThreshold,
    maxWriteBatchLength: MAX_WRITE_BATCH,
    projectionSubsystemVersion: ENGINE_VERSION,
  });
}

/** The parts that a start needs; undefined for what is no such document. */
export function parseDocument(data: Uint8Array): ProjectionDocument | undefined {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(recordText(data)) as typeof value;
  } catch {
    return undefined;
  }
  const { handlerType, query, mode, epoch, version } = value;
  if (typeof handlerType !== "string" || typeof query !== "string") return undefined;
  if (typeof epoch !== "number" || typeof version !== "number") return undefined;
  return {
    handlerType,
    query,
    mode: mode === "OneTime" || mode === "Transient" ? mode : "Continuous",
    enabled: value["enabled"] === true,
    emitEnabled: value["emitEnabled"] === true,
    trackEmittedStreams: value["trackEmittedStreams"] === true,
    checkpointsDisabled: value["checkpointsDisabled"] === true,
    epoch,
    version,
    ...(value["deleted"] === true && {
      deletion: {
        checkpointStream: value["deleteCheckpointStream"] === true,
        stateStream: value["deleteStateStream"] === true,
        emittedStreams: value["deleteEmittedStreams"] === true,
      },
    }),
  };
}

/** The server counts down what has to be deleted first, and begins with nothing where nothing has to be. */
function formatDeletion({ checkpointStream, stateStream, emittedStreams }: DeletionFlags): object {
  return {
    deleted: true,
    ...(checkpointStream && { deleteCheckpointStream: true }),
    ...(stateStream && { deleteStateStream: true }),
    ...(emittedStreams && { deleteEmittedStreams: true }),
    ...(!checkpointStream && !emittedStreams && { numberOfPrequisitesMetForDeletion: -1 }),
  };
}

function formatDefinition(definition: SourceDefinition): object {
  return {
    ...(definition.allEvents && { allEvents: true }),
    ...(definition.allStreams && { allStreams: true }),
    ...(definition.byStreams && { byStream: true }),
    ...(definition.byCustomPartitions && { byCustomPartitions: true }),
    categories: definition.categories,
    events: definition.events,
    streams: definition.streams,
    options: {
      ...(definition.definesFold && { definesFold: true }),
      ...(definition.definesStateTransform && { definesStateTransform: true }),
      ...(definition.handlesDeletedNotifications && { handlesDeletedNotifications: true }),
      ...(definition.includeLinks && { includeLinks: true }),
      ...(definition.biState && { isBiState: true }),
      ...(definition.partitionResultStreamNamePattern && {
        partitionResultStreamNamePattern: definition.partitionResultStreamNamePattern,
      }),
      ...(definition.processingLag !== undefined && { processingLag: definition.processingLag }),
      ...(definition.producesResults && { producesResults: true }),
      ...(definition.reorderEvents && { reorderEvents: true }),
      ...(definition.resultStreamName && { resultStreamName: definition.resultStreamName }),
    },
  };
}
