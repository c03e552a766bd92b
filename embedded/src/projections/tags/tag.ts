/**
 * How far a projection has come, in the terms of its source (spec 3.2). A tag marks the last event handled; the next one is
 * what lies behind it.
 */
export type Tag = PositionTag | TypeIndexTag | StreamTag | MultiStreamTag | PhaseTag;

/** `fromAll()` of all events: a place in the log. */
export interface PositionTag {
  readonly mode: "Position";
  readonly commit: number;
  readonly prepare: number;
}

/**
 * `fromAll()` of named event types: a place in the log, and how much of each type's index stream was read. Two such tags are
 * told apart by their place alone.
 */
export interface TypeIndexTag {
  readonly mode: "EventTypeIndex";
  readonly commit: number;
  readonly prepare: number;
  /** Number of the last entry read in `$et-<type>`, by type; -1 for none. */
  readonly types: ReadonlyMap<string, number>;
}

/** One stream: the number of its last event handled, -1 for none. */
export interface StreamTag {
  readonly mode: "Stream";
  readonly stream: string;
  readonly revision: number;
}

/** Several streams: the number of the last event handled of each, in the order in which the query names them. */
export interface MultiStreamTag {
  readonly mode: "MultiStream";
  readonly streams: ReadonlyMap<string, number>;
}

/** What metadata without any position give: what others wrote where a projection's tag was looked for. */
export interface PhaseTag {
  readonly mode: "Phase";
}

export const PHASE_TAG: PhaseTag = { mode: "Phase" };
