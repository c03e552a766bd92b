import { snapshotStream } from "@sluice/transport/topology";
import type { EventReader, RecordedEvent, StreamEntry } from "../../event-store/event-store.ts";
import { contentOf } from "../../events/content.ts";
import { metadataOf } from "../../events/metadata.ts";
import { HEADER } from "../model/headers.ts";
import { scan } from "../../stream-panel/reading/scan.ts";
import type { InstanceEvent, Snapshot } from "../schemas.ts";
import { fieldsOf } from "./fields-of.ts";
import { isMissing } from "./read-index.ts";

/** The newest events of an instance that are shown. */
const EVENTS = 500;
const SNAPSHOTS = 50;
const SNAPSHOT_TYPE = "sluice.Snapshot";

export interface Course {
  readonly events: readonly InstanceEvent[];
  readonly snapshots: readonly Snapshot[];
  /** All events of the stream are there. */
  readonly isWhole: boolean;
}

/** What a snapshot holds; throws where it is none of this transport's. */
export type DecodeSnapshot = (bytes: Uint8Array) => { readonly revision: string; readonly state: string };

/** The events of one stream, from the first or the last five hundred, with what processes have stored of it. */
export async function readCourse(
  reader: EventReader,
  stream: string,
  decode: DecodeSnapshot,
  signal: AbortSignal,
): Promise<Course> {
  const { entries, isWhole } = await newest(reader, stream, EVENTS, signal);
  const stored = await newest(reader, snapshotStream(stream), SNAPSHOTS, signal).catch((error: unknown) => {
    if (isMissing(error)) return { entries: [] };
    throw error;
  });
  return {
    events: entries.map(({ recorded }) => instanceEventOf(recorded)),
    snapshots: stored.entries.flatMap(({ recorded }) => snapshotOf(recorded, decode)),
    isWhole,
  };
}

async function newest(reader: EventReader, stream: string, most: number, signal: AbortSignal) {
  const entries: StreamEntry[] = [];
  let isWhole = false;
  const wanted = (): number => most - entries.length;
  const options = { from: "end", direction: "backwards", followsLinks: false, signal, wanted } as const;
  for await (const step of scan(reader, { stream }, options)) {
    entries.push(...step.entries);
    isWhole = step.isEnd;
  }
  return { entries: entries.reverse(), isWhole };
}

function instanceEventOf(event: RecordedEvent): InstanceEvent {
  const { causationId, destination } = namesIn(metadataOf(event.metadata));
  return {
    revision: String(event.revision),
    id: event.id,
    type: event.type,
    created: event.created,
    fields: contentOf(event.data, event.isJson) === "json" ? fieldsOf(new TextDecoder().decode(event.data)) : [],
    ...(causationId !== undefined && { causationId }),
    ...(destination !== undefined && { destination }),
  };
}

function namesIn(headers: Readonly<Record<string, unknown>>) {
  const text = (said: unknown): string | undefined => (typeof said === "string" && said !== "" ? said : undefined);
  return { causationId: text(headers[HEADER.causationId]), destination: text(headers[HEADER.destination]) };
}

function snapshotOf({ type, data, created }: RecordedEvent, decode: DecodeSnapshot): readonly Snapshot[] {
  if (type !== SNAPSHOT_TYPE) return [];
  try {
    const { revision, state } = decode(data);
    return [{ revision, created, state }];
  } catch {
    // Of another version of the transport, or of another process's making: nothing can be said of it.
    return [];
  }
}
