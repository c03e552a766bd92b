/**
 * The official client's own stubs of the server's protocol. The client's public methods parse and rewrite bodies, give reads and
 * subscriptions no deadline, and end the process where one of their appends is answered twice; calls made with its stubs, over
 * its connection, do none of it. Its modules are CommonJS, so values come by default import.
 */
import persistentClients from "@eventstore/db-client/generated/persistent_grpc_pb.js";
import persistent from "@eventstore/db-client/generated/persistent_pb.js";
import shared from "@eventstore/db-client/generated/shared_pb.js";
import streamClients from "@eventstore/db-client/generated/streams_grpc_pb.js";
import streams from "@eventstore/db-client/generated/streams_pb.js";

export const { StreamsClient } = streamClients;
export const { PersistentSubscriptionsClient } = persistentClients;
export { persistent, shared, streams };

/** The name of a stream, as requests carry it. */
export function streamIdentifier(stream: string): InstanceType<typeof shared.StreamIdentifier> {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, "utf8"));
  return identifier;
}

export function uuid(id: string): InstanceType<typeof shared.UUID> {
  const message = new shared.UUID();
  message.setString(id);
  return message;
}
