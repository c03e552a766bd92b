import type { CallArguments } from "./calls.ts";
import type { StreamsClient, streams } from "./generated.ts";
import { type ReadAnswer, readAnswer } from "./read-answer.ts";

const METHOD = "/event_store.client.streams.Streams/Read";

/** What comes of it, in order; whoever takes slowly makes the server wait. */
export interface ReadCall extends AsyncIterable<ReadAnswer> {
  cancel(): void;
}

/** Begins to read, or to follow, what the request names. */
export function readCall(
  stub: InstanceType<typeof StreamsClient>,
  request: InstanceType<typeof streams.ReadReq>,
  [metadata, limits]: CallArguments,
): ReadCall {
  const serialized = (): Buffer => Buffer.from(request.serializeBinary());
  return stub.makeServerStreamRequest(METHOD, serialized, readAnswer, request, metadata, limits);
}
