import { endOfGroup, type Group } from "./group-codec.ts";

export interface JournalTail {
  readonly groups: readonly Group[];
  /** Nothing is missing among the groups that lie behind these. */
  readonly isWhole: boolean;
}

/**
 * Of all groups in the segments of a journal, those that the tables lack, in order and without a gap; `indexed` is the position
 * right behind what the tables have.
 *
 * A group that the disk refused may have got there all the same, and not have been erased: the one that was written in its place
 * has a higher sequence number.
 */
export function tailBehind(indexed: number, groups: readonly Group[]): JournalTail {
  const valid: Group[] = [];
  for (const group of groups.toSorted((a, b) => a.sequence - b.sequence)) {
    while (reachesBehind(valid.at(-1), group.start)) valid.pop();
    valid.push(group);
  }
  const lacking = valid.filter(({ start }) => start >= indexed);
  let end = indexed;
  const gap = lacking.findIndex((group) => {
    if (group.start !== end) return true;
    end = endOfGroup(group);
    return false;
  });
  return gap < 0 ? { groups: lacking, isWhole: true } : { groups: lacking.slice(0, gap), isWhole: false };
}

const reachesBehind = (group: Group | undefined, place: number): boolean =>
  group !== undefined && endOfGroup(group) > place;
