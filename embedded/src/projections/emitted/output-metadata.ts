import { NO_DATA } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { METADATA_TYPE, metastreamOf } from "../../streams/stream-metadata.ts";

/** What a projection writes into the metadata of a stream before its first event there (spec 3.5). */
export interface OutputMetadata {
  readonly maxCount?: number;
  /** Members of `$acl`, by the server's short names; the default is that of the stream's kind. */
  readonly acl?: Readonly<Record<string, string>>;
}

export const NO_OUTPUT_METADATA: OutputMetadata = {};

/** Checkpoints of projections are only for administrators (golden `projection-output/checkpoint-on-disable`). */
export const CHECKPOINT_METADATA: OutputMetadata = {
  maxCount: 2,
  acl: { $r: "$admins", $w: "$admins", $d: "$admins", $mr: "$all", $mw: "$admins" },
};

export const PARTITION_CHECKPOINT_METADATA: OutputMetadata = { maxCount: 2 };

/** Describes `stream`, whose first visible revision will be `first`, in place of whatever described it before. */
export async function writeOutputMetadata(
  store: EventStore,
  stream: string,
  first: number,
  metadata: OutputMetadata,
  newId: () => string,
): Promise<void> {
  const data = Buffer.from(documentOf(stream, first, metadata));
  const event = { id: newId(), type: METADATA_TYPE, isJson: true, data, metadata: NO_DATA };
  await store.append(metastreamOf(stream), "any", [event]);
}

function documentOf(stream: string, first: number, metadata: OutputMetadata): string {
  const acl = metadata.acl ?? (stream.startsWith("$") ? { $r: "$all", $mr: "$all" } : {});
  return JSON.stringify({
    ...(metadata.maxCount !== undefined && { $maxCount: metadata.maxCount }),
    ...(first > 0 && { $tb: first }),
    $acl: acl,
  });
}
