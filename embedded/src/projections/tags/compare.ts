import type { MultiStreamTag, Tag } from "./tag.ts";
import { formatTag } from "./format.ts";

/**
 * Two tags of several streams where each is ahead of the other in one of them. The server does not expect it: what was to be
 * done stays undone (corrections 3.9, golden `topologies/add-a-source-again-after-events-without-output`).
 */
export class IncomparableTagsError extends Error {
  override readonly name = "IncomparableTagsError";
  readonly left: Tag;
  readonly right: Tag;

  constructor(left: Tag, right: Tag) {
    super(`Incomparable multi-stream checkpoint tags. '${formatTag(left)}' and '${formatTag(right)}'`);
    this.left = left;
    this.right = right;
  }
}

/**
 * Orders two tags of one projection: negative where `left` comes first, 0 where they mark the same event.
 * Throws an {@link IncomparableTagsError} where there is no order.
 */
export function compareTags(left: Tag, right: Tag): number {
  if (hasPlace(left) && hasPlace(right)) {
    // Two tags of one place have the same index positions unless one was read without the index: the place decides.
    return left.commit - right.commit || left.prepare - right.prepare;
  }
  if (left.mode === "Stream" && right.mode === "Stream" && left.stream === right.stream) {
    return left.revision - right.revision;
  }
  if (left.mode === "MultiStream" && right.mode === "MultiStream") return compareStreams(left, right);
  if (left.mode === "Phase" && right.mode === "Phase") return 0;
  throw new IncomparableTagsError(left, right);
}

const hasPlace = (tag: Tag) => tag.mode === "Position" || tag.mode === "EventTypeIndex";

function compareStreams(left: MultiStreamTag, right: MultiStreamTag): number {
  const leftIsAhead = isAhead(left, right);
  const rightIsAhead = isAhead(right, left);
  if (leftIsAhead && rightIsAhead) throw new IncomparableTagsError(left, right);
  return Number(leftIsAhead) - Number(rightIsAhead);
}

/** A stream that only one of them knows puts that one ahead. */
function isAhead(one: MultiStreamTag, other: MultiStreamTag): boolean {
  for (const [stream, revision] of one.streams) {
    const its = other.streams.get(stream);
    if (its === undefined || revision > its) return true;
  }
  return false;
}
