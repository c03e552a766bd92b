import { TOMBSTONE_REVISION, TOMBSTONE_REVISION_TEXT, type LogRecord } from "../../log/record.ts";
import type { Emission, Handled, ProjectionEvent, ProjectionHandler, SourceDefinition } from "../handler.ts";
import { holdsWhatItSays } from "../valid-json.ts";

/** What tells one native projection from another: none keeps a state, each writes at most one link for an event. */
export interface NativeProjection {
  /** Class name of the server's own handler, shown in faults and stored with the definition. */
  readonly typeName: string;
  /** Whether links are handled, too. */
  readonly includeLinks: boolean;
  emit(event: ProjectionEvent): Emission | undefined;
  checkpoint?(tag: string): readonly Emission[];
}

const NOTHING: Handled = { state: null, emitted: [] };

/** Makes the handler of a projection over all streams that keeps no state. */
export function nativeHandler(projection: NativeProjection): ProjectionHandler {
  return {
    typeName: projection.typeName,
    definition: { ...EVERYTHING, includeLinks: projection.includeLinks },
    needsWholeMetadata: false,
    load() {},
    loadShared() {},
    initialize() {},
    initializeShared() {},
    accepts: ({ event }) => holdsWhatItSays(event),
    partitionOf: () => null,
    process(event) {
      const emission = projection.emit(event);
      return emission === undefined ? NOTHING : { state: null, emitted: [emission] };
    },
    processCreated: () => [],
    processDeleted: () => NOTHING,
    transform: () => null,
    ...(projection.checkpoint && { checkpoint: projection.checkpoint }),
    dispose() {},
  };
}

/** The record whose place in the log is the event's: the link where there is one. */
export function placeOf({ event, link }: ProjectionEvent): LogRecord {
  const record = link ?? event;
  if (record === undefined)
    throw new Error("An event for a projection needs a record or a link; hand over at least one.");
  return record;
}

/** A link to `revision` of `stream`, written to `target`. */
export function linkEmission(target: string, text: string, metadata?: Emission["metadata"]): Emission {
  return { stream: target, type: "$>", isJson: false, data: text, ...(metadata && { metadata }) };
}

export function revisionText(revision: number): string {
  return revision === TOMBSTONE_REVISION ? TOMBSTONE_REVISION_TEXT : String(revision);
}

const EVERYTHING: SourceDefinition = {
  allStreams: true,
  streams: [],
  categories: [],
  allEvents: true,
  events: [],
  byStreams: false,
  byCustomPartitions: false,
  definesFold: false,
  definesStateTransform: false,
  producesResults: false,
  biState: false,
  handlesDeletedNotifications: false,
  includeLinks: false,
  reorderEvents: false,
  processingLag: undefined,
  resultStreamName: undefined,
  partitionResultStreamNamePattern: undefined,
};
