import type { Encodable } from "../../src/grpc/wire/message.ts";
import type { recordedEvent } from "../../src/grpc/wire/streams.ts";
import { DATA, EVENT_TYPE, METADATA } from "../events.ts";

const ID = "b1f0c7de-4a52-4f6b-8d3e-90c1a2b3c4d5";

const metadataOf = (type: string, contentType: string) => [
  ["type", type] as const,
  ["created", "17672256000000000"] as const,
  ["content-type", contentType] as const,
];
const eventMetadata = metadataOf(EVENT_TYPE, "application/json");
const linkMetadata = metadataOf("$>", "application/octet-stream");

type Recorded = Encodable<typeof recordedEvent>;

/** The event that the benchmark appends, at this place of a stream. */
export const bareEvent = (streamIdentifier: string, revision: number): Recorded => ({
  id: ID,
  streamIdentifier,
  streamRevision: revision,
  preparePosition: revision * 600,
  commitPosition: revision * 600,
  metadata: eventMetadata,
  customMetadata: METADATA,
  data: DATA,
});

/** A link to it, as a projection writes one. */
export const bareLink = (streamIdentifier: string, revision: number): Recorded => ({
  ...bareEvent(streamIdentifier, revision),
  metadata: linkMetadata,
  customMetadata: Buffer.from('{"$v":"1:-1:1:4","$c":123456789,"$p":123456789,"$causedBy":"b1f0c7de"}'),
  data: Buffer.from(`${revision}@intermediate.sales`),
});
