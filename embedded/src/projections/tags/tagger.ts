import type { SourceDefinition } from "../handler.ts";
import { formatTag } from "./format.ts";
import type { Tag } from "./tag.ts";

/** The place of an event as a source met it: where it (or the link to it) lies in the log and in its stream. */
export interface EventPlace {
  readonly position: number;
  /** The stream that was read: that of the link where the event came through one. */
  readonly stream: string;
  readonly revision: number;
  /** Set where it was read from the index of its type: which type. */
  readonly indexedType?: string;
}

/** A tag that cannot be carried over to another kind of source, or none at all. The message is the server's own. */
export class TagConversionError extends Error {
  override readonly name = "TagConversionError";
}

/** Makes, advances and carries over the tags of one source. */
export interface Tagger {
  /** Before the first event. */
  readonly zero: Tag;
  /** The tag after the event at `place`, which comes behind `last`; undefined where it does not. */
  advance(last: Tag, place: EventPlace): Tag | undefined;
  /**
   * Carries a tag of an earlier version of the query over to this source: streams that stay keep their place, new ones begin
   * before their first event (spec 3.9). Throws a {@link TagConversionError}.
   */
  adjust(tag: Tag): Tag;
}

/** Stands for a type where deletions of streams are to be told: `$et-$deleted` is their index. */
export const DELETIONS = "$deleted";

/** The tagger of a source. Streams and types are told apart by their first naming; naming one again means nothing. */
export function taggerOf(definition: SourceDefinition): Tagger {
  const streams = sourceStreams(definition);
  if (streams.length > 1) return multiStreamTagger(streams);
  const [stream] = streams;
  if (stream !== undefined) return streamTagger(stream);
  if (definition.allEvents) return positionTagger();
  const { events, handlesDeletedNotifications } = definition;
  return typeIndexTagger([...new Set(handlesDeletedNotifications ? [...events, DELETIONS] : events)]);
}

/** The streams that a source reads one by one; none for `fromAll()`. A category is read through its `$ce-` stream. */
export function sourceStreams({ allStreams, streams, categories }: SourceDefinition): readonly string[] {
  if (allStreams) return [];
  return [...new Set([...streams, ...categories.map((category) => `$ce-${category}`)])];
}

function positionTagger(): Tagger {
  return {
    zero: { mode: "Position", commit: 0, prepare: -1 },
    advance: (last, { position }) =>
      isBefore(last, position) ? { mode: "Position", commit: position, prepare: position } : undefined,
    adjust(tag) {
      if (tag.mode !== "Position" && tag.mode !== "EventTypeIndex") throw inconvertible(tag, "Position");
      return tag.mode === "Position" ? tag : { mode: "Position", commit: tag.commit, prepare: tag.prepare };
    },
  };
}

function typeIndexTagger(types: readonly string[]): Tagger {
  const none = new Map(types.map((type) => [type, -1]));
  return {
    zero: { mode: "EventTypeIndex", commit: 0, prepare: -1, types: none },
    advance(last, { position, revision, indexedType }) {
      if (!isBefore(last, position)) return undefined;
      const known = last.mode === "EventTypeIndex" ? last.types : none;
      const read = indexedType === undefined ? known : new Map(known).set(indexedType, revision);
      return { mode: "EventTypeIndex", commit: position, prepare: position, types: read };
    },
    adjust(tag) {
      if (tag.mode !== "Position" && tag.mode !== "EventTypeIndex") throw inconvertible(tag, "EventTypeIndex");
      const known = tag.mode === "EventTypeIndex" ? tag.types : none;
      const kept = new Map(types.map((type) => [type, known.get(type) ?? -1]));
      return { mode: "EventTypeIndex", commit: tag.commit, prepare: tag.prepare, types: kept };
    },
  };
}

function streamTagger(stream: string): Tagger {
  return {
    zero: { mode: "Stream", stream, revision: -1 },
    advance(last, place) {
      const isNext = place.stream === stream && last.mode === "Stream" && place.revision > last.revision;
      return isNext ? { mode: "Stream", stream, revision: place.revision } : undefined;
    },
    adjust(tag) {
      if (tag.mode === "Stream" && tag.stream === stream) return tag;
      return { mode: "Stream", stream, revision: revisionsOf(tag, "Stream").get(stream) ?? -1 };
    },
  };
}

function multiStreamTagger(streams: readonly string[]): Tagger {
  return {
    zero: { mode: "MultiStream", streams: new Map(streams.map((stream) => [stream, -1])) },
    advance(last, { stream, revision }) {
      const before = last.mode === "MultiStream" ? last.streams.get(stream) : undefined;
      if (last.mode !== "MultiStream" || before === undefined || revision <= before) return undefined;
      return { mode: "MultiStream", streams: new Map(last.streams).set(stream, revision) };
    },
    adjust(tag) {
      const known = revisionsOf(tag, "MultiStream");
      return { mode: "MultiStream", streams: new Map(streams.map((stream) => [stream, known.get(stream) ?? -1])) };
    },
  };
}

function isBefore(last: Tag, position: number): boolean {
  return (last.mode === "Position" || last.mode === "EventTypeIndex") && last.prepare < position;
}

function revisionsOf(tag: Tag, wanted: Tag["mode"]): ReadonlyMap<string, number> {
  if (tag.mode === "Stream") return new Map([[tag.stream, tag.revision]]);
  if (tag.mode === "MultiStream") return tag.streams;
  throw inconvertible(tag, wanted);
}

function inconvertible(tag: Tag, wanted: Tag["mode"]): TagConversionError {
  if (tag.mode === "Phase") {
    return new TagConversionError(
      "The given checkpoint is invalid. Possible causes might include having written an event to the projection's managed stream. " +
        `The bad checkpoint: ${formatTag(tag)}`,
    );
  }
  return new TagConversionError(`Conversion from ${tag.mode} to ${wanted} position tag is not supported`);
}
