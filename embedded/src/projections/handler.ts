import type { ResolvedRecord } from "../streams/results.ts";

/**
 * The seam between the projection engine and what a projection does with an event.
 *
 * The engine reads sources, keeps positions, states and checkpoints, and writes what is emitted; a handler turns one event
 * after another into a state and emissions. There are two kinds: scripts in a sandbox and the five native ones.
 */

/** What a projection reads and produces; fixed once its query is compiled. */
export interface SourceDefinition {
  /** `fromAll()`. Exactly one of `allStreams`, `streams`, `categories` says where events come from. */
  readonly allStreams: boolean;
  readonly streams: readonly string[];
  readonly categories: readonly string[];
  /** Every event type is wanted; otherwise those in `events`. */
  readonly allEvents: boolean;
  readonly events: readonly string[];
  /** `foreachStream()`: a state for each stream. */
  readonly byStreams: boolean;
  /** `partitionBy()`: a state for each name that the script gives. */
  readonly byCustomPartitions: boolean;
  /** There is a `when`. Without one the state is the text of the last body (corrections 3.1). */
  readonly definesFold: boolean;
  readonly definesStateTransform: boolean;
  readonly producesResults: boolean;
  /** State is a pair: one of the partition, one shared by all. */
  readonly biState: boolean;
  readonly handlesDeletedNotifications: boolean;
  readonly includeLinks: boolean;
  readonly reorderEvents: boolean;
  /** Milliseconds. */
  readonly processingLag: number | undefined;
  readonly resultStreamName: string | undefined;
  readonly partitionResultStreamNamePattern: string | undefined;
}

/**
 * An event as the engine hands it over: `event` is what handlers see (the original where a link was resolved), `link` the
 * link it came through. Without `event` the link leads nowhere.
 */
export interface ProjectionEvent extends ResolvedRecord {
  /** The link leads to a stream that is deleted or was never written; only then do scripts see that stream's name. */
  readonly leadsToDeletedStream?: boolean;
}

/** An event, link or stream reference to be written (whether emitting is allowed is the engine's to check); the engine adds its tag, `$causedBy` and `$correlationId` (spec 3.5). */
export interface Emission {
  readonly stream: string;
  /** `$>` for a link, `$@` for a reference to a stream. */
  readonly type: string;
  readonly isJson: boolean;
  readonly data: string;
  /**
   * Further metadata as name and JSON text, to be written between the tag and `$causedBy`, in this order and as it is:
   * a script can make the whole invalid (corrections 3.1). A `$causedBy` is still among them, to be dropped by the engine.
   */
  readonly metadata?: readonly (readonly [name: string, json: string])[];
  /**
   * Made by a transformation after the event before: it goes out with this event's cause, but the tag of the event that the
   * handler processed before (golden `projection-output/result-fault`).
   */
  readonly earlier?: true;
}

/** What handling one event left behind. */
export interface Handled {
  /** JSON text of the (partition's) state; null where the script made it null or has none. The same string when unchanged. */
  readonly state: string | null;
  /** JSON text of the shared half of a bi-state; undefined without one. */
  readonly shared?: string | null;
  readonly emitted: readonly Emission[];
}

/**
 * One running handler. The state lives inside: the live object survives from one event to the next, so the engine loads a
 * state only when the partition changes (`load` where that one has a state text, else `initialize`; the same for the shared
 * half) and when the projection starts.
 *
 * Each method may throw a {@link ProjectionFault}; then the handler is of no further use.
 */
export interface ProjectionHandler {
  /** How the server names this kind of handler in the heading of a fault. */
  readonly typeName: string;
  readonly definition: SourceDefinition;
  /**
   * Whether metadata that is cut short is a fault of what it causes. It is one in the real server's system projections, too,
   * and for good; since one event would then stop an index that everybody shares, not here.
   */
  readonly needsWholeMetadata: boolean;

  /** Replaces the live state by one that {@link Handled.state} gave. */
  load(state: string): void;
  loadShared(state: string): void;
  /** Replaces the live state by what `$init` returns, or `{}`. What `$init` emits faults. */
  initialize(): void;
  initializeShared(): void;

  /**
   * Whether the event is to be handled at all; called first. False for an event flagged JSON that holds none
   * (corrections 3.1): the position moves on, no partition is created, no state changes.
   */
  accepts(event: ProjectionEvent): boolean;
  /**
   * Partition for `byStreams` and `byCustomPartitions`; null where the script gives none and the event is passed over.
   * "" is for the engine to refuse: "Partition '' state was requested as locked but it is missing in the cache."
   */
  partitionOf(event: ProjectionEvent): string | null;
  /** Handles an event; `partition` is "" without partitions. */
  process(event: ProjectionEvent, partition: string): Handled;
  /** `$created`, before `process`, for the first event of a partition; also once where there are no partitions. */
  processCreated(event: ProjectionEvent, partition: string): readonly Emission[];
  /** `$deleted` for a partition whose stream was deleted. */
  processDeleted(partition: string): Handled;
  /** The result: the state after `transformBy` and `filterBy`, as JSON text; null when filtered away. */
  transform(): string | null;
  /** What is to be written with a checkpoint whose tag is the JSON text `tag`; absent where nothing is. */
  checkpoint?(tag: string): readonly Emission[];
  /** Frees the sandbox. */
  dispose(): void;
}

/** Makes a handler of a query text. Rejects with a {@link ProjectionFault} where the query does not compile. */
export type CompileHandler = (query: string) => Promise<ProjectionHandler>;

/**
 * Stops a projection. The message is what the server shows as the reason of the state `Faulted`: as it is where the query
 * did not compile or `bare` says so, otherwise below a heading that names projection, handler and position.
 */
export class ProjectionFault extends Error {
  override readonly name = "ProjectionFault";
  /** Thrown where the server does not look for faults of handlers, as in `partitionBy` (corrections 3.1). */
  readonly bare: boolean;
  /** Line of the query, from 1, where it arose; undefined where that cannot be told. */
  readonly line: number | undefined;

  constructor(message: string, { bare = false, line, cause }: FaultOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.bare = bare;
    this.line = line;
  }
}

interface FaultOptions {
  readonly bare?: boolean;
  readonly line?: number | undefined;
  readonly cause?: unknown;
}
