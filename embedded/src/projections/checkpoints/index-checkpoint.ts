import type { EventStore } from "../../streams/event-store.ts";
import { NO_OUTPUT_METADATA, writeOutputMetadata } from "../emitted/output-metadata.ts";
import type { ProjectionHandler } from "../handler.ts";
import { tagMembers } from "../tags/format.ts";
import type { Tag } from "../tags/tag.ts";
import { formatVersion, type ProjectionVersion } from "../version.ts";

/**
 * Writes what a handler has to say at a checkpoint (`$by_event_type` keeps `$et`, spec 3.12). It belongs to the checkpoint and
 * not to an event, so a run that was cut off before its checkpoint need not come to write the same again.
 */
export async function writeIndexCheckpoint(
  store: EventStore,
  handler: ProjectionHandler,
  version: ProjectionVersion,
  tag: Tag,
  newId: () => string,
): Promise<void> {
  const members = tagMembers(tag);
  for (const { stream, type, isJson, data } of handler.checkpoint?.(`{${members}}`) ?? []) {
    if (store.lastRevision(stream) < 0) await writeOutputMetadata(store, stream, 0, NO_OUTPUT_METADATA, newId);
    const stamp = Buffer.from(`{"$v":"${formatVersion(version)}",${members}}`);
    await store.append(stream, "any", [{ id: newId(), type, isJson, data: Buffer.from(data), metadata: stamp }]);
  }
}
