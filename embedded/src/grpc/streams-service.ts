import { TOMBSTONE_REVISION, TOMBSTONE_REVISION_TEXT } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import type { DeleteResult } from "../streams/results.ts";
import type { ExpectedRevision } from "../streams/expected-revision.ts";
import type { Access, Call } from "./access.ts";
import { append } from "./append.ts";
import { AppendLoad } from "./append-load.ts";
import { batchAppend } from "./batch-append.ts";
import { streamingCall, unaryCall } from "./calls.ts";
import { subscribeToAll, subscribeToStream } from "./catch-up.ts";
import { deleteExpectedOtherwise, handlerException, invalidArgument, streamDeleted } from "./errors.ts";
import { expectedRevisionOf, LAST_UINT64, type WireExpectation } from "./expectation.ts";
import { checkpointPaceOf, recordFilterOf } from "./filter.ts";
import type { OpenCalls } from "./open-calls.ts";
import { isWritableStreamName } from "./proposal.ts";
import {
  countOf,
  type LogPlace,
  placeOf,
  readAll,
  type ReadResponses,
  readStream,
  type Showing,
  startOf,
} from "./read.ts";
import { uuidFormOf } from "./recorded-event.ts";
import { PLAIN_NOTES, type SubscriptionNotes } from "./subscription-notes.ts";
import type { Decoded, Encodable } from "./wire/message.ts";
import type { Handlers } from "./wire/service.ts";
import type { deleteReq, deleteResp, readReq, streamsService } from "./wire/streams.ts";

type ReadOptions = NonNullable<Decoded<typeof readReq>["options"]>;
type StreamOption = Extract<ReadOptions["streamOption"], { case: "stream" }>["value"];
type AllOption = Extract<ReadOptions["streamOption"], { case: "all" }>["value"];

interface Reading {
  readonly store: EventStore;
  readonly notes: SubscriptionNotes;
  readonly responses: ReadResponses;
}

/** The Streams service over a store: reads, subscriptions, appends, deletes and tombstones. */
export function streamsHandlers(
  store: EventStore,
  openCalls: OpenCalls,
  access: Access,
  load = new AppendLoad(),
  notes = PLAIN_NOTES,
): Handlers<typeof streamsService> {
  const mayRead = (stream: string, call: Call) => access.require(call, { kind: "stream", right: "read", stream });
  const mayDelete = (call: Call) => (stream: string) =>
    access.require(call, { kind: "stream", right: "delete", stream });
  return {
    read: streamingCall(openCalls, ({ options }, responses, call) => {
      switch (options?.streamOption?.case) {
        case "stream":
          mayRead(options.streamOption.value.streamIdentifier ?? "", call);
          return ofStream({ store, notes, responses }, options, options.streamOption.value, access.linkRule(call));
        case "all":
          mayRead("$all", call);
          return ofAll({ store, notes, responses }, options, options.streamOption.value, access.linkRule(call));
        default:
          throw invalidArgument("A read names a stream or $all.");
      }
    }),
    append: append(store, openCalls, access, load),
    batchAppend: batchAppend(store, openCalls, access, load),
    delete: unaryCall((request, call) => deletion(request, mayDelete(call), store.delete.bind(store))),
    tombstone: unaryCall((request, call) => deletion(request, mayDelete(call), store.tombstone.bind(store))),
  };
}

/** Throws for combinations that nothing answers (spec 1.9). */
async function ofStream(
  { store, notes, responses }: Reading,
  options: ReadOptions,
  of: StreamOption,
  mayFollow: Showing["mayFollow"],
): Promise<void> {
  const stream = of.streamIdentifier ?? "";
  const showing = { resolveLinks: options.resolveLinks, uuidForm: uuidFormOf(options.uuidOption), mayFollow };
  const at = startOf(of.revisionOption);
  if (options.filterOption?.case === "filter") throw invalidArgument("Only a read of $all can have a filter.");
  if (options.countOption?.case === "subscription") {
    refuseBackwards(options);
    return subscribeToStream(store, { stream, after: at, notes, ...showing }, responses);
  }
  return readStream(
    store,
    {
      stream,
      from: at,
      direction: options.readDirection,
      count: countOf(options.countOption?.value ?? 0),
      tellPositions: (options.controlOption?.compatibility ?? 0) >= 1,
      ...showing,
    },
    responses,
  );
}

async function ofAll(
  { store, notes, responses }: Reading,
  options: ReadOptions,
  of: AllOption,
  mayFollow: Showing["mayFollow"],
): Promise<void> {
  const showing = { resolveLinks: options.resolveLinks, uuidForm: uuidFormOf(options.uuidOption), mayFollow };
  const at = allStartOf(of.allOption);
  const wanted = options.filterOption?.case === "filter" ? options.filterOption.value : undefined;
  const filter = recordFilterOf(wanted);
  if (options.countOption?.case === "subscription") {
    refuseBackwards(options);
    const checkpoints = checkpointPaceOf(wanted);
    return subscribeToAll(store, { after: at, filter, checkpoints, notes, ...showing }, responses);
  }
  const count = countOf(options.countOption?.value ?? 0);
  return readAll(store, { from: at, direction: options.readDirection, count, filter, ...showing }, responses);
}

function allStartOf(option: AllOption["allOption"]): LogPlace | "start" | "end" {
  if (option === undefined) throw handlerException();
  return option.case === "position" ? placeOf(option.value) : option.case;
}

function refuseBackwards(options: ReadOptions): void {
  if (options.readDirection === "backwards") throw invalidArgument("A subscription reads forwards.");
}

async function deletion(
  { options }: Decoded<typeof deleteReq>,
  requireRight: (stream: string) => void,
  perform: (stream: string, expected: ExpectedRevision) => Promise<DeleteResult>,
): Promise<Encodable<typeof deleteResp>> {
  const stream = options?.streamIdentifier ?? "";
  const expected = expectedRevisionOf(options?.expectedStreamRevision);
  requireRight(stream);
  if (expected === undefined || !isWritableStreamName(stream)) throw handlerException();
  const result = await perform(stream, expected);
  if (result.outcome === "stream-deleted") throw streamDeleted(result.stream);
  if (result.outcome === "wrong-expected-revision") {
    throw deleteExpectedOtherwise(stream, versionOf(options?.expectedStreamRevision), result.current);
  }
  const at = result.position;
  return { positionOption: { case: "position", value: { commitPosition: at, preparePosition: at } } };
}

/** An expectation as the number that error trailers carry (spec 1.5). */
function versionOf(expectation: WireExpectation | undefined): string {
  switch (expectation?.case) {
    case "revision":
    case "streamPosition":
      if (expectation.value === LAST_UINT64) return "-1";
      return expectation.value === TOMBSTONE_REVISION ? TOMBSTONE_REVISION_TEXT : String(expectation.value);
    case "noStream":
      return "-1";
    case "streamExists":
      return "-4";
    default:
      return "-2";
  }
}
