import type { LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { CHECKPOINT_METADATA, writeOutputMetadata } from "../emitted/output-metadata.ts";
import { readStamp } from "../emitted/stamp.ts";
import { EngineFault } from "../engine-fault.ts";
import { recordText } from "../record-text.ts";
import { tagMembers } from "../tags/format.ts";
import type { Tag } from "../tags/tag.ts";
import { TagConversionError, type Tagger } from "../tags/tagger.ts";
import { formatVersion, type ProjectionVersion } from "../version.ts";
import { formatStateTexts, NO_STATE, parseStateTexts, type StateTexts } from "./state-texts.ts";

export interface Checkpoint {
  /** Carried over to the current source. */
  readonly tag: Tag;
  readonly texts: StateTexts;
}

const CHECKPOINT_TYPE = "$ProjectionCheckpoint";
const PAGE = 10;

/**
 * The newest checkpoint of this life of the projection; undefined where it has none. Those of an earlier projection of the
 * same name, or from before a reset, are passed over (spec 3.8). Throws an {@link EngineFault} where it cannot be used.
 */
export function loadCheckpoint(
  store: EventStore,
  stream: string,
  version: ProjectionVersion,
  tagger: Tagger,
): Checkpoint | undefined {
  let from: number | "end" = "end";
  for (;;) {
    const page = store.readStream({ stream, from, direction: "backwards", maxCount: PAGE });
    if (page.outcome !== "read") return undefined;
    for (const record of page.records) {
      if (record.type !== CHECKPOINT_TYPE) continue;
      const stamp = readStamp(record.metadata, version);
      if (stamp.kind !== "stamped" || stamp.version.id !== version.id) continue;
      if (stamp.version.version < version.epoch) return undefined;
      return { tag: adjusted(tagger, stamp.tag), texts: textsOf(record) };
    }
    if (page.isEnd) return undefined;
    from = page.next;
  }
}

/** Writes a checkpoint; the stream gets its metadata with the first one. */
export async function writeCheckpoint(
  store: EventStore,
  stream: string,
  version: ProjectionVersion,
  checkpoint: Checkpoint,
  newId: () => string,
): Promise<void> {
  const page = store.readStream({ stream, from: "end", direction: "backwards", maxCount: 1 });
  if (page.outcome === "deleted") {
    throw new EngineFault(`Checkpoint stream \`${stream}\` has been written to from the outside.`);
  }
  if (page.outcome === "not-found") {
    await writeOutputMetadata(store, stream, store.lastRevision(stream) + 1, CHECKPOINT_METADATA, newId);
  }
  const stamp = `{"$v":"${formatVersion(version)}",${tagMembers(checkpoint.tag)}}`;
  await store.append(stream, "any", [
    {
      id: newId(),
      type: CHECKPOINT_TYPE,
      isJson: true,
      data: Buffer.from(formatStateTexts(checkpoint.texts)),
      metadata: Buffer.from(stamp),
    },
  ]);
}

/** A checkpoint whose state is no JSON holds none. */
export function textsOf(record: LogRecord): StateTexts {
  return parseStateTexts(recordText(record.data)) ?? NO_STATE;
}

function adjusted(tagger: Tagger, tag: Tag): Tag {
  try {
    return tagger.adjust(tag);
  } catch (error) {
    if (error instanceof TagConversionError) throw new EngineFault(error.message, error);
    throw error;
  }
}
