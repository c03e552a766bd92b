import { field, oneof, repeated } from "./field.ts";
import { empty, message } from "./message.ts";
import { bool, bytes, enumeration, int32, int64, string, uint64 } from "./scalars.ts";
import { bidi, service, unary } from "./service.ts";
import { position, streamIdentifier, uuidOption } from "./shared.ts";
import { filterOptions, recordedEvent, streamOptions } from "./streams.ts";
import { uuid } from "./uuid.ts";

export const readReq = message({
  content: oneof({
    options: [
      1,
      message({
        streamOption: oneof({ streamIdentifier: [1, streamIdentifier], all: [5, empty] }),
        groupName: field(2, string),
        bufferSize: field(3, int32),
        uuidOption: field(4, uuidOption),
      }),
    ],
    ack: [2, message({ id: field(1, bytes), ids: repeated(2, uuid) })],
    nack: [
      3,
      message({
        id: field(1, bytes),
        ids: repeated(2, uuid),
        action: field(3, enumeration("unknown", "park", "retry", "skip", "stop")),
        reason: field(4, string),
      }),
    ],
  }),
});

const readEvent = message({
  event: field(1, recordedEvent),
  link: field(2, recordedEvent),
  position: oneof({ commitPosition: [3, uint64], noPosition: [4, empty] }),
  count: oneof({ retryCount: [5, int32], noRetryCount: [6, empty] }),
});

export const readResp = message({
  content: oneof({
    event: [1, readEvent],
    subscriptionConfirmation: [2, message({ subscriptionId: field(1, string) })],
  }),
});

/** `revision` is the place to start at in requests without a `stream`: 2^64 - 1 (a bigint) is the end (spec 2.2). */
export const settings = message({
  resolveLinks: field(1, bool),
  revision: field(2, uint64),
  extraStatistics: field(3, bool),
  messageTimeout: oneof({ messageTimeoutTicks: [4, int64], messageTimeoutMs: [14, int32] }),
  maxRetryCount: field(5, int32),
  checkpointAfter: oneof({ checkpointAfterTicks: [6, int64], checkpointAfterMs: [15, int32] }),
  minCheckpointCount: field(7, int32),
  maxCheckpointCount: field(8, int32),
  maxSubscriberCount: field(9, int32),
  liveBufferSize: field(10, int32),
  readBatchSize: field(11, int32),
  historyBufferSize: field(12, int32),
  namedConsumerStrategy: field(13, enumeration("DispatchToSingle", "RoundRobin", "Pinned")),
  /** Present when a group is created; wins over the enumeration where it is not empty. */
  consumerStrategy: field(16, string),
});

const allOptions = message({
  allOption: oneof({ position: [1, position], start: [2, empty], end: [3, empty] }),
  /** Only when a group is created: it cannot be changed. */
  filterOption: oneof({ filter: [4, filterOptions], noFilter: [5, empty] }),
});

const groupOptions = field(
  1,
  message({
    /** The old form, which the client still uses for streams. */
    streamIdentifier: field(1, streamIdentifier),
    groupName: field(2, string),
    settings: field(3, settings),
    streamOption: oneof({ stream: [4, streamOptions], all: [5, allOptions] }),
  }),
);

export const createReq = message({ options: groupOptions });
export const updateReq = message({ options: groupOptions });

export const deleteReq = message({
  options: field(
    1,
    message({
      streamOption: oneof({ streamIdentifier: [1, streamIdentifier], all: [3, empty] }),
      groupName: field(2, string),
    }),
  ),
});

export const getInfoReq = message({
  options: field(
    1,
    message({
      streamOption: oneof({ streamIdentifier: [1, streamIdentifier], all: [2, empty] }),
      groupName: field(3, string),
    }),
  ),
});

const connectionInfo = message({
  from: field(1, string),
  username: field(2, string),
  averageItemsPerSecond: field(3, int32),
  totalItems: field(4, int64),
  countSinceLastMeasurement: field(5, int64),
  observedMeasurements: repeated(6, message({ key: field(1, string), value: field(2, int64) })),
  availableSlots: field(7, int32),
  inFlightMessages: field(8, int32),
  connectionName: field(9, string),
});

export const subscriptionInfo = message({
  eventSource: field(1, string),
  groupName: field(2, string),
  status: field(3, string),
  connections: repeated(4, connectionInfo),
  averagePerSecond: field(5, int32),
  totalItems: field(6, int64),
  countSinceLastMeasurement: field(7, int64),
  lastCheckpointedEventPosition: field(8, string),
  lastKnownEventPosition: field(9, string),
  resolveLinkTos: field(10, bool),
  startFrom: field(11, string),
  messageTimeoutMilliseconds: field(12, int32),
  extraStatistics: field(13, bool),
  maxRetryCount: field(14, int32),
  liveBufferSize: field(15, int32),
  bufferSize: field(16, int32),
  readBatchSize: field(17, int32),
  checkPointAfterMilliseconds: field(18, int32),
  minCheckPointCount: field(19, int32),
  maxCheckPointCount: field(20, int32),
  readBufferCount: field(21, int32),
  liveBufferCount: field(22, int64),
  retryBufferCount: field(23, int32),
  totalInFlightMessages: field(24, int32),
  outstandingMessagesCount: field(25, int32),
  namedConsumerStrategy: field(26, string),
  maxSubscriberCount: field(27, int32),
  parkedMessageCount: field(28, int64),
});

export const getInfoResp = message({ subscriptionInfo: field(1, subscriptionInfo) });

export const replayParkedReq = message({
  options: field(
    1,
    message({
      groupName: field(1, string),
      streamOption: oneof({ streamIdentifier: [2, streamIdentifier], all: [3, empty] }),
      stopAtOption: oneof({ stopAt: [4, int64], noLimit: [5, empty] }),
    }),
  ),
});

export const listReq = message({
  options: field(
    1,
    message({
      listOption: oneof({
        listAllSubscriptions: [1, empty],
        listForStream: [2, message({ streamOption: oneof({ stream: [1, streamIdentifier], all: [2, empty] }) })],
      }),
    }),
  ),
});
export const listResp = message({ subscriptions: repeated(1, subscriptionInfo) });

export const persistentSubscriptionsService = service(
  "event_store.client.persistent_subscriptions.PersistentSubscriptions",
  {
    create: unary("Create", createReq, empty),
    update: unary("Update", updateReq, empty),
    delete: unary("Delete", deleteReq, empty),
    read: bidi("Read", readReq, readResp),
    getInfo: unary("GetInfo", getInfoReq, getInfoResp),
    replayParked: unary("ReplayParked", replayParkedReq, empty),
    list: unary("List", listReq, listResp),
    restartSubsystem: unary("RestartSubsystem", empty, empty),
  },
);
