import { bytesOf, type StagedRecord, type StagedWrites } from "./commit-queue.ts";
import { SPARE } from "./disk-space.ts";
import { TOMBSTONE_REVISION } from "./record.ts";

/** What a write may take of the disk. */
export interface SpaceNeeded {
  readonly bytes: number;
  /** What has to be left behind it. */
  readonly spare: number;
}

/** Pages around a record that are written anew, in terms of the record. */
const PAGES = 2;
/** Streams whose events say what may go: metadata, and the record of scavenges. */
const MAKES_ROOM = /^\$(\$|scavenges)/;

export const GIVES_BACK: SpaceNeeded = { bytes: 0, spare: SPARE.rest };

/** What the tables take for records of so many bytes. */
export const spaceToIndex = (bytes: number): SpaceNeeded => ({ bytes: PAGES * bytes, spare: SPARE.rest });

/** Where nothing else is written, what makes room may take of the last that is left. */
export function spaceFor(group: readonly StagedWrites[]): SpaceNeeded {
  const makesRoom = ({ record: { stream, revision } }: StagedRecord): boolean =>
    revision === TOMBSTONE_REVISION || MAKES_ROOM.test(stream);
  return {
    bytes: PAGES * bytesOf(group),
    spare: group.every(({ records }) => records.every(makesRoom)) ? SPARE.rest : SPARE.appends,
  };
}
