import type { Source, StreamEntry } from "../../event-store/event-store.ts";
import { type Content, contentOf, decodedStart } from "../../events/content.ts";
import { eventOf, isLink, type LinkTarget, linkTarget } from "../../events/link.ts";
import { keyOf, type Place, placeOf } from "../../events/place.ts";

/** What the grid shows of an entry: small whatever its body weighs. */
export interface Row {
  /** Tells it from every other row of its source. */
  readonly key: string;
  readonly place: Place;
  readonly id: string;
  readonly type: string;
  /** The stream of the event it is about: of a link's target where that was found. */
  readonly stream: string;
  readonly revision: string;
  /** In milliseconds since 1970. */
  readonly created: number;
  /** How much its body weighs, in bytes. */
  readonly size: number;
  readonly content: Content;
  /** How its body begins, on one line. */
  readonly preview: string;
  readonly link?: RowLink;
}

/** A link: "followed" shows the event that it leads to, "broken" leads to what is gone or may not be seen. */
export interface RowLink {
  readonly state: "followed" | "broken" | "not-followed";
  readonly target?: LinkTarget;
}

const PREVIEW_BYTES = 400;
const PREVIEW_CHARACTERS = 200;

/** @param followsLinks Whether targets were asked for, so that a link without one is broken. */
export function rowOf(source: Source, entry: StreamEntry, followsLinks: boolean): Row {
  const place = placeOf(source, entry);
  const event = eventOf(entry);
  const content = contentOf(event.data, event.isJson);
  const link = linkOf(entry, followsLinks);
  return {
    key: keyOf(place),
    place,
    id: event.id,
    type: event.type,
    stream: event.stream,
    revision: String(event.revision),
    created: event.created,
    size: event.data.length,
    content,
    preview: content === "json" || content === "text" ? preview(event.data) : "",
    ...(link !== undefined && { link }),
  };
}

/** About what a row holds in memory, in bytes. */
export function weightOf(row: Row): number {
  return 200 + 2 * (row.preview.length + row.type.length + row.stream.length + (row.link?.target?.stream.length ?? 0));
}

function linkOf(entry: StreamEntry, followsLinks: boolean): RowLink | undefined {
  if (!isLink(entry.recorded)) {
    return undefined;
  }
  const target = linkTarget(entry.recorded);
  const state = entry.target !== undefined ? "followed" : followsLinks ? "broken" : "not-followed";
  return { state, ...(target !== undefined && { target }) };
}

function preview(bytes: Uint8Array): string {
  const text = decodedStart(bytes, PREVIEW_BYTES) ?? "";
  return text.replace(/\s+/g, " ").slice(0, PREVIEW_CHARACTERS);
}
