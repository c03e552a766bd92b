import type { LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { parseLink } from "../../streams/link.ts";
import { readStamp } from "../emitted/stamp.ts";
import { EngineFault } from "../engine-fault.ts";
import { resolveSource } from "../readers/resolve-source.ts";
import type { Work } from "../readers/subscription.ts";
import { compareTags } from "../tags/compare.ts";
import { formatTag } from "../tags/format.ts";
import type { Tag } from "../tags/tag.ts";
import type { Tagger } from "../tags/tagger.ts";
import type { ProjectionVersion } from "../version.ts";

const PAGE = 100;

/**
 * What a projection over several streams had begun to handle behind its checkpoint, in the order of then, so that what it
 * emits again matches what it had emitted (spec 3.7).
 *
 * Throws an `IncomparableTagsError` where the sources were changed in a way the server does not get over (golden
 * `topologies/add-a-source-again-when-only-one-was-left`), and an {@link EngineFault} where the order makes no sense.
 */
export function recordedOrder(
  store: EventStore,
  stream: string,
  version: ProjectionVersion,
  tagger: Tagger,
  from: Tag,
): readonly Work[] {
  const entries = entriesBehind(store, stream, version, tagger, from);
  const work: Work[] = [];
  let last = from;
  for (const { record, tag } of entries) {
    if (compareTags(tag, last) <= 0) {
      throw new EngineFault(
        `Invalid order.  Last known tag is: '${formatTag(last)}'.  Current tag is: '${formatTag(tag)}'`,
      );
    }
    last = tag;
    const source = sourceOf(store, record);
    if (source === undefined) continue;
    const position = `${source.revision}@${source.stream}`;
    work.push({ kind: "event", event: resolveSource(store, source).event, tag, position });
  }
  return work;
}

interface Entry {
  readonly record: LogRecord;
  readonly tag: Tag;
}

/** Oldest first. */
function entriesBehind(
  store: EventStore,
  stream: string,
  version: ProjectionVersion,
  tagger: Tagger,
  checkpoint: Tag,
): readonly Entry[] {
  const entries: Entry[] = [];
  let from: number | "end" = "end";
  for (;;) {
    const page = store.readStream({ stream, from, direction: "backwards", maxCount: PAGE });
    if (page.outcome !== "read") return entries.reverse();
    for (const record of page.records) {
      const stamp = readStamp(record.metadata, version);
      const isOfThisLife =
        stamp.kind === "stamped" && stamp.version.id === version.id && stamp.version.version >= version.epoch;
      if (!isOfThisLife) return entries.reverse();
      const tag = tagger.adjust(stamp.tag);
      if (compareTags(tag, checkpoint) <= 0) return entries.reverse();
      entries.push({ record, tag });
    }
    if (page.isEnd) return entries.reverse();
    from = page.next;
  }
}

/** The event, or link, that an entry stands for; undefined where it is gone. */
function sourceOf(store: EventStore, entry: LogRecord): LogRecord | undefined {
  const target = parseLink(entry);
  if (target === undefined) return undefined;
  const { stream, revision } = target;
  const page = store.readStream({ stream, from: revision, direction: "forwards", maxCount: 1 });
  const record = page.outcome === "read" ? page.records[0] : undefined;
  return record?.revision === revision ? record : undefined;
}
