import {
  type Emission,
  type ProjectionEvent,
  ProjectionFault,
  type ProjectionHandler,
  type SourceDefinition,
} from "../../../src/projections/handler.ts";
import { textOf } from "./test-store.ts";

export const SOURCE: SourceDefinition = {
  allStreams: false,
  streams: [],
  categories: [],
  allEvents: true,
  events: [],
  byStreams: false,
  byCustomPartitions: false,
  definesFold: true,
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

/** A state as the folds of the tests keep it: which events there were, as texts. */
export type Seen = readonly string[];

export interface Fold {
  readonly definition: Partial<SourceDefinition>;
  /** What is emitted for an event; `seen` already holds it. */
  readonly emit?: (n: number, seen: Seen) => readonly Emission[];
  readonly partition?: (n: number) => string | null;
}

/** A handler without a script: its state is the list of the numbers of all events it was given. */
export function foldHandler({ definition, emit = () => [], partition }: Fold): ProjectionHandler {
  let seen: Seen = [];
  return {
    typeName: "Fold",
    definition: { ...SOURCE, ...definition },
    needsWholeMetadata: true,
    load(state) {
      seen = JSON.parse(state) as Seen;
    },
    loadShared() {},
    initialize() {
      seen = [];
    },
    initializeShared() {},
    accepts: () => true,
    partitionOf: (event) => partition?.(numberOf(event)) ?? null,
    process(event) {
      const n = numberOf(event);
      if (n < 0) throw new ProjectionFault(`${n} is negative`);
      seen = [...seen, String(n)];
      return { state: JSON.stringify(seen), emitted: emit(n, seen) };
    },
    processCreated: () => [],
    processDeleted: () => ({ state: JSON.stringify(seen), emitted: [] }),
    transform: () => JSON.stringify(seen.length),
    dispose() {},
  };
}

export function numberOf({ event }: ProjectionEvent): number {
  return event === undefined ? Number.NaN : (JSON.parse(textOf(event.data)) as { n: number }).n;
}

export const out = (stream: string, n: number | string): Emission => ({
  stream,
  type: "Out",
  isJson: true,
  data: JSON.stringify({ n }),
});
