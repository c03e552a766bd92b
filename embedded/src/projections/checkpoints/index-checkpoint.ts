import { NO_DATA } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { METADATA_TYPE, metastreamOf } from "../../streams/stream-metadata.ts";
import { NO_OUTPUT_METADATA, outputMetadataDocument } from "../emitted/output-metadata.ts";
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
    if (store.lastRevision(stream) < 0) {
      const document = Buffer.from(outputMetadataDocument(stream, 0, NO_OUTPUT_METADATA));
      const metadata = { id: newId(), type: METADATA_TYPE, isJson: true, data: document, metadata: NO_DATA };
      await store.append(metastreamOf(stream), "any", [metadata]);
    }
    const stamp = Buffer.from(`{"$v":"${formatVersion(version)}",${members}}`);
    await store.append(stream, "any", [{ id: newId(), type, isJson, data: Buffer.from(data), metadata: stamp }]);
  }
}
