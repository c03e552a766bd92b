import type { EventStore } from "../../streams/event-store.ts";
import { EngineFault } from "../engine-fault.ts";
import { compareTags, IncomparableTagsError } from "../tags/compare.ts";
import type { Tag } from "../tags/tag.ts";
import { TagConversionError, type Tagger } from "../tags/tagger.ts";
import type { ProjectionVersion } from "../version.ts";
import { type CommittedEvent, Recovery } from "./recovery.ts";
import { readStamp } from "./stamp.ts";

/** What a projection finds when it first writes to a stream after a checkpoint (spec 3.6). */
export type Opening =
  /** Nothing visible, or the output of an earlier life: it begins behind `lastRevision`, what was there is hidden. */
  | { readonly state: "new"; readonly lastRevision: number }
  | { readonly state: "own"; readonly lastRevision: number; readonly recovery: Recovery | undefined }
  /**
   * The server stumbled. What is to be written waits until something else is to be written; then it goes on without recovery,
   * or tries again where it does not even know the last event.
   */
  | { readonly state: "stuck"; readonly lastRevision: number; readonly canGoOn: boolean };

export interface OpeningProjection {
  readonly store: EventStore;
  readonly version: ProjectionVersion;
  readonly tagger: Tagger;
  /** The checkpoint: what has a tag up to it need not be recovered. */
  readonly from: Tag;
}

const PAGE = 100;

/** Looks at the end of an output stream. Throws an {@link EngineFault} where the projection must not write to it. */
export function openOutput(stream: string, projection: OpeningProjection): Opening {
  const { store, version, tagger, from } = projection;
  const page = store.readStream({ stream, from: "end", direction: "backwards", maxCount: 1 });
  if (page.outcome === "deleted") throw new EngineFault(`Stream : ${stream} is deleted. Cannot emit events to it`);
  const lastRevision = store.lastRevision(stream);
  const last = page.outcome === "read" ? page.records[0] : undefined;
  if (last === undefined) return { state: "new", lastRevision };

  const stamp = readStamp(last.metadata, version);
  if (stamp.kind === "unreadable") return { state: "stuck", lastRevision, canGoOn: false };
  if (stamp.kind === "unstamped") {
    throw new EngineFault(
      `The '${stream}' stream managed by projection ${version.id} has been written to from the outside.`,
    );
  }
  if (stamp.version.id !== version.id) {
    throw new EngineFault(
      `Multiple projections emitting to the same stream detected.  Stream: '${stream}'. ` +
        `Last event projection: '${stamp.version.id}'.  Emitting projection: '${version.id}'`,
    );
  }
  if (version.epoch > stamp.version.version) return { state: "new", lastRevision };
  const lastTag = adjust(tagger, stamp.tag);
  try {
    if (compareTags(lastTag, from) <= 0) return { state: "own", lastRevision, recovery: undefined };
    const committed = collectCommitted(stream, projection);
    if (committed === undefined) return { state: "stuck", lastRevision, canGoOn: true };
    return { state: "own", lastRevision, recovery: new Recovery(stream, committed, lastTag) };
  } catch (error) {
    if (error instanceof IncomparableTagsError) return { state: "stuck", lastRevision, canGoOn: true };
    throw error;
  }
}

/** The events behind the checkpoint, oldest first, with the tags they were written with; undefined where one is unreadable. */
function collectCommitted(
  stream: string,
  { store, version, from }: OpeningProjection,
): readonly CommittedEvent[] | undefined {
  const committed: CommittedEvent[] = [];
  let next: number | "end" = "end";
  for (;;) {
    const page = store.readStream({ stream, from: next, direction: "backwards", maxCount: PAGE });
    if (page.outcome !== "read") return committed.reverse();
    for (const record of page.records) {
      const stamp = readStamp(record.metadata, version);
      if (stamp.kind === "unreadable") return undefined;
      if (stamp.kind === "unstamped") {
        throw new EngineFault(`A unstamped event found. Stream: '${stream}'. EventNumber: '${record.revision}'`);
      }
      const isOfThisLife = stamp.version.id === version.id && stamp.version.version >= version.epoch;
      if (!isOfThisLife || compareTags(stamp.tag, from) <= 0) return committed.reverse();
      committed.push({ tag: stamp.tag, type: record.type, revision: record.revision });
    }
    if (page.isEnd) return committed.reverse();
    next = page.next;
  }
}

function adjust(tagger: Tagger, tag: Tag): Tag {
  try {
    return tagger.adjust(tag);
  } catch (error) {
    if (error instanceof TagConversionError) throw new EngineFault(error.message);
    throw error;
  }
}
