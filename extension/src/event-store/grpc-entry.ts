import { type Decoded, type readEvent, type recordedEvent, TOMBSTONE_REVISION } from "@sluice/embedded/client";
import type { RecordedEvent, StreamEntry } from "./event-store.ts";

/** What stands at one place of a stream, from what the server tells of it. Undefined where it tells nothing. */
export function entryOf({ event, link }: Decoded<typeof readEvent>, followsLinks: boolean): StreamEntry | undefined {
  const original = link ?? event;
  if (original === undefined) return undefined;
  const recorded = recordedOf(original);
  if (!followsLinks || link === undefined) return { recorded };
  return { recorded, target: event && recordedOf(event) };
}

function recordedOf(event: Decoded<typeof recordedEvent>): RecordedEvent {
  const { metadata, streamRevision } = event;
  return {
    id: event.id ?? "",
    stream: event.streamIdentifier ?? "",
    revision: streamRevision === TOMBSTONE_REVISION ? 2n ** 63n - 1n : streamRevision,
    position: { commit: event.commitPosition, prepare: event.preparePosition },
    type: metadata.get("type") ?? "",
    isJson: metadata.get("content-type") === "application/json",
    created: millisecondsOf(metadata.get("created")),
    // What was decoded are views into the whole message, which they would keep.
    data: new Uint8Array(event.data),
    metadata: new Uint8Array(event.customMetadata),
  };
}

/** From 100-nanosecond ticks since 1970, as decimal text. What a number drops of their digits, one of milliseconds cannot hold. */
function millisecondsOf(ticks: string | undefined): number {
  return ticks === undefined || !/^-?\d+$/.test(ticks) ? Number.NaN : Number(ticks) / 10_000;
}

/** What an entry holds of bodies and metadata. */
export function bytesOf({ recorded, target }: StreamEntry): number {
  return sizeOf(recorded) + (target === undefined ? 0 : sizeOf(target));
}

const sizeOf = ({ data, metadata }: RecordedEvent): number => data.length + metadata.length;
