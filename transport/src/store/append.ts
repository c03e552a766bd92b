import { MaxAppendSizeExceededError, WrongExpectedVersionError } from "@eventstore/db-client";
import { AppendTooLarge } from "./append-too-large.ts";
import { CALL_LIMIT, type Calls } from "./calls.ts";
import type { ExpectedRevision, NewEvent } from "./event.ts";
import { shared, streamIdentifier, streams, StreamsClient, uuid } from "./generated.ts";
import { WrongRevision } from "./wrong-revision.ts";

/** What an append has done. */
export interface Appended {
  /** Revision of the last event appended. */
  readonly revision: bigint;
  /** Its place in the log; undefined where the server recognized the append as a repeat and does not tell. */
  readonly position: bigint | undefined;
}

export interface AppendOptions {
  /** Where the stream must be. Default: anywhere. */
  readonly expected?: ExpectedRevision;
}

type Response = InstanceType<typeof streams.AppendResp>;

/**
 * Appends all events to a stream in one step, or none. The same ids again are recognized as the same append, so an append whose
 * answer was lost is repeated without harm.
 * @throws WrongRevision, AppendTooLarge, ServerUnreachable, AccessRefused
 */
export async function append(
  calls: Calls,
  stream: string,
  events: readonly NewEvent[],
  { expected = "any" }: AppendOptions = {},
): Promise<Appended> {
  let response: Response | undefined;
  try {
    response = await calls.withStub(
      StreamsClient,
      CALL_LIMIT,
      (stub, [metadata, limits]) =>
        new Promise<Response | undefined>((resolve, reject) => {
          const call = stub.append(metadata, limits, (error, answer) =>
            error === null ? resolve(answer) : reject(error),
          );
          call.on("error", reject);
          call.write(header(stream, expected));
          for (const event of events) call.write(proposal(event));
          call.end();
        }),
    );
  } catch (cause) {
    if (cause instanceof MaxAppendSizeExceededError) throw new AppendTooLarge(stream, cause.maxAppendSize, { cause });
    if (cause instanceof WrongExpectedVersionError) throw new WrongRevision(stream, expected, undefined);
    throw cause;
  }
  const refused = response?.getWrongExpectedVersion();
  if (refused !== undefined) {
    throw new WrongRevision(
      stream,
      expected,
      refused.hasCurrentRevision() ? BigInt(refused.getCurrentRevision()) : undefined,
    );
  }
  const success = response?.getSuccess();
  if (success === undefined) throw calls.unreachable("It answered an append with nothing.");
  const position = success.getPosition()?.getCommitPosition();
  return {
    revision: BigInt(success.getCurrentRevision()),
    position: position === undefined ? undefined : BigInt(position),
  };
}

function header(stream: string, expected: ExpectedRevision): InstanceType<typeof streams.AppendReq> {
  const options = new streams.AppendReq.Options();
  options.setStreamIdentifier(streamIdentifier(stream));
  if (expected === "any") options.setAny(new shared.Empty());
  else if (expected === "no stream") options.setNoStream(new shared.Empty());
  else if (expected === "stream exists") options.setStreamExists(new shared.Empty());
  else options.setRevision(expected.toString());
  const request = new streams.AppendReq();
  request.setOptions(options);
  return request;
}

function proposal({ id, type, isJson, data, metadata }: NewEvent): InstanceType<typeof streams.AppendReq> {
  const message = new streams.AppendReq.ProposedMessage();
  message.setId(uuid(id));
  message.getMetadataMap().set("type", type);
  message.getMetadataMap().set("content-type", isJson ? "application/json" : "application/octet-stream");
  message.setData(data);
  message.setCustomMetadata(metadata);
  const request = new streams.AppendReq();
  request.setProposedMessage(message);
  return request;
}
