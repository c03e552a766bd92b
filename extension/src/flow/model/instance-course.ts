import type { InstanceEvent, Snapshot } from "../schemas.ts";

/** A value that an event's body says otherwise than those before it. */
export interface FieldChange {
  readonly path: string;
  /** As an earlier event of the stream said last; undefined where none did. */
  readonly before: string | undefined;
  readonly after: string;
}

/** One event in the course of an instance. */
export interface CourseStep {
  readonly event: InstanceEvent;
  /** What was sent because of the events, in the same append: it says nothing of the instance. */
  readonly isMessage: boolean;
  readonly changes: readonly FieldChange[];
  /** How many values are known before and after it. */
  readonly known: { readonly before: number; readonly after: number };
  /** The last known values after it. */
  readonly state: ReadonlyMap<string, string>;
  /** What a process has stored right after it. */
  readonly snapshot: Snapshot | undefined;
}

/**
 * What a stream tells of its instance, event by event. Its own code is not run here: what is said of its state are the values
 * that its events have named last, and snapshots where it keeps some.
 */
export function courseOf(events: readonly InstanceEvent[], snapshots: readonly Snapshot[]): readonly CourseStep[] {
  const stored = new Map(snapshots.map((snapshot) => [snapshot.revision, snapshot]));
  let state: ReadonlyMap<string, string> = new Map();
  return events.map((event): CourseStep => {
    const isMessage = event.destination !== undefined;
    const before = state;
    const changes = isMessage
      ? []
      : event.fields
          .filter(([path, value]) => before.get(path) !== value)
          .map(([path, after]): FieldChange => ({ path, before: before.get(path), after }));
    if (changes.length > 0) state = new Map([...before, ...changes.map(({ path, after }) => [path, after] as const)]);
    return {
      event,
      isMessage,
      changes,
      known: { before: before.size, after: state.size },
      state,
      snapshot: stored.get(event.revision),
    };
  });
}
