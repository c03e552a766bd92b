import type { EventStore } from "../../streams/event-store.ts";
import type { ProjectionHandler } from "../handler.ts";
import type { ProjectionVersion } from "../version.ts";
import { type Checkpoint, writeCheckpoint } from "./checkpoint-stream.ts";
import { writeIndexCheckpoint } from "./index-checkpoint.ts";
import type { Partitions } from "./partitions.ts";

export interface CheckpointKeeper {
  readonly store: EventStore;
  /** Where the projection's own checkpoints go. */
  readonly stream: string;
  readonly version: ProjectionVersion;
  readonly handler: ProjectionHandler;
  readonly partitions: Partitions;
  readonly newId: () => string;
}

/** Writes all that belongs to a checkpoint; the checkpoint itself comes last, so that a crash in between leaves the one before. */
export async function keepCheckpoint(keeper: CheckpointKeeper, checkpoint: Checkpoint): Promise<void> {
  const { store, stream, version, handler, partitions, newId } = keeper;
  await partitions.writeChanged();
  await writeIndexCheckpoint(store, handler, version, checkpoint.tag, newId);
  await writeCheckpoint(store, stream, version, checkpoint, newId);
}
