import { field, map, oneof, repeated } from "./field.ts";
import { empty, message } from "./message.ts";
import { bool, bytes, enumeration, int64, revision, string, uint32, uint64 } from "./scalars.ts";
import { duration, position, status, streamIdentifier, timestamp, uuidOption } from "./shared.ts";
import { bidi, clientStream, serverStream, service, unary } from "./service.ts";
import { uuid } from "./uuid.ts";

const expression = message({ regex: field(1, string), prefix: repeated(2, string) });

/** Which records of `$all` are wanted; shared with persistent subscriptions. */
export const filterOptions = message({
  filter: oneof({ streamIdentifier: [1, expression], eventType: [2, expression] }),
  window: oneof({ max: [3, uint32], count: [4, empty] }),
  checkpointIntervalMultiplier: field(5, uint32),
});

/** Where in a stream to begin. */
export const streamOptions = message({
  streamIdentifier: field(1, streamIdentifier),
  revisionOption: oneof({ revision: [2, revision], start: [3, empty], end: [4, empty] }),
});

const allOptions = message({ allOption: oneof({ position: [1, position], start: [2, empty], end: [3, empty] }) });

export const readReq = message({
  options: field(
    1,
    message({
      streamOption: oneof({ stream: [1, streamOptions], all: [2, allOptions] }),
      readDirection: field(3, enumeration("forwards", "backwards")),
      resolveLinks: field(4, bool),
      countOption: oneof({ count: [5, uint64], subscription: [6, empty] }),
      filterOption: oneof({ filter: [7, filterOptions], noFilter: [8, empty] }),
      uuidOption: field(9, uuidOption),
      controlOption: field(10, message({ compatibility: field(1, uint32) })),
    }),
  ),
});

/** An event as it lies in a stream; `metadata` holds `type`, `created` (100-ns ticks since 1970) and `content-type`. */
export const recordedEvent = message({
  id: field(1, uuid),
  streamIdentifier: field(2, streamIdentifier),
  streamRevision: field(3, revision),
  preparePosition: field(4, uint64),
  commitPosition: field(5, uint64),
  metadata: map(6, string),
  customMetadata: field(7, bytes),
  data: field(8, bytes),
});

export const readEvent = message({
  event: field(1, recordedEvent),
  link: field(2, recordedEvent),
  position: oneof({ commitPosition: [3, uint64], noPosition: [4, empty] }),
});

/** Where a subscription stands. Only since 25 it is told; until then such a message is empty (spec 1.2). */
const reachedPosition = message({
  timestamp: field(1, timestamp),
  revisionOption: oneof({ streamRevision: [2, int64] }),
  position: field(3, position),
});

const checkpoint = message({
  commitPosition: field(1, uint64),
  preparePosition: field(2, uint64),
  timestamp: field(3, timestamp),
});

export const readResp = message({
  content: oneof({
    event: [1, readEvent],
    confirmation: [2, message({ subscriptionId: field(1, string) })],
    checkpoint: [3, checkpoint],
    streamNotFound: [4, message({ streamIdentifier: field(1, streamIdentifier) })],
    firstStreamPosition: [5, revision],
    lastStreamPosition: [6, revision],
    lastAllStreamPosition: [7, position],
    caughtUp: [8, reachedPosition],
    fellBehind: [9, reachedPosition],
  }),
});

/** What appends, deletes and tombstones expect of the stream. */
const expectation = oneof({
  revision: [2, revision],
  noStream: [3, empty],
  any: [4, empty],
  streamExists: [5, empty],
});

/** An event on its way in; `metadata` has to hold `type` and `content-type`. */
export const proposedMessage = message({
  id: field(1, uuid),
  metadata: map(2, string),
  customMetadata: field(3, bytes),
  data: field(4, bytes),
});

export const appendReq = message({
  content: oneof({
    options: [1, message({ streamIdentifier: field(1, streamIdentifier), expectedStreamRevision: expectation })],
    proposedMessage: [2, proposedMessage],
  }),
});

const positionOption = (first: 1 | 3) =>
  oneof({ position: [first, position], noPosition: [(first + 1) as 2 | 4, empty] });

export const appendResp = message({
  result: oneof({
    success: [
      1,
      message({
        currentRevisionOption: oneof({ currentRevision: [1, revision], noStream: [2, empty] }),
        positionOption: positionOption(3),
      }),
    ],
    wrongExpectedVersion: [
      2,
      message({
        currentRevisionOption_20_6_0: oneof({ currentRevision_20_6_0: [1, revision], noStream_20_6_0: [2, empty] }),
        expectedRevisionOption_20_6_0: oneof({
          expectedRevision_20_6_0: [3, revision],
          any_20_6_0: [4, empty],
          streamExists_20_6_0: [5, empty],
        }),
        currentRevisionOption: oneof({ currentRevision: [6, revision], currentNoStream: [7, empty] }),
        expectedRevisionOption: oneof({
          expectedRevision: [8, revision],
          expectedAny: [9, empty],
          expectedStreamExists: [10, empty],
          expectedNoStream: [11, empty],
        }),
      }),
    ],
  }),
});

/** The options that the first chunk of a batch carries. */
export const batchOptions = message({
  streamIdentifier: field(1, streamIdentifier),
  expectedStreamPosition: oneof({
    streamPosition: [2, revision],
    noStream: [3, empty],
    any: [4, empty],
    streamExists: [5, empty],
  }),
  deadlineOption: oneof({ deadline_21_10_0: [6, timestamp], deadline: [7, duration] }),
});

export const batchAppendReq = message({
  correlationId: field(1, uuid),
  options: field(2, batchOptions),
  proposedMessages: repeated(3, proposedMessage),
  isFinal: field(4, bool),
});

export const batchAppendResp = message({
  correlationId: field(1, uuid),
  result: oneof({
    error: [2, status],
    success: [
      3,
      message({
        currentRevisionOption: oneof({ currentRevision: [1, revision], noStream: [2, empty] }),
        positionOption: positionOption(3),
      }),
    ],
  }),
  streamIdentifier: field(4, streamIdentifier),
  expectedStreamPosition: oneof({
    streamPosition: [5, revision],
    noStream: [6, empty],
    any: [7, empty],
    streamExists: [8, empty],
  }),
});

const deletion = message({
  options: field(1, message({ streamIdentifier: field(1, streamIdentifier), expectedStreamRevision: expectation })),
});
const deletionAnswer = message({ positionOption: positionOption(1) });

export const deleteReq = deletion;
export const deleteResp = deletionAnswer;
export const tombstoneReq = deletion;
export const tombstoneResp = deletionAnswer;

export const streamsService = service("event_store.client.streams.Streams", {
  read: serverStream("Read", readReq, readResp),
  append: clientStream("Append", appendReq, appendResp),
  delete: unary("Delete", deleteReq, deleteResp),
  tombstone: unary("Tombstone", tombstoneReq, tombstoneResp),
  batchAppend: bidi("BatchAppend", batchAppendReq, batchAppendResp),
});
