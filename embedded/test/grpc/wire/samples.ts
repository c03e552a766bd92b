import { createRequire } from "node:module";
import type { Message } from "../../../src/grpc/wire/message.ts";
import * as gossip from "../../../src/grpc/wire/gossip.ts";
import * as persistent from "../../../src/grpc/wire/persistent.ts";
import * as projections from "../../../src/grpc/wire/projections.ts";
import * as features from "../../../src/grpc/wire/server-features.ts";
import * as shared from "../../../src/grpc/wire/shared.ts";
import * as streams from "../../../src/grpc/wire/streams.ts";

/** A class that protoc generated for the official client. */
export interface Generated {
  deserializeBinary(bytes: Uint8Array): { serializeBinary(): Uint8Array; toObject(): unknown };
}

const require = createRequire(import.meta.url);
const generated = (file: string): Record<string, unknown> => require(`@eventstore/db-client/generated/${file}_pb`);
const files = {
  streams: generated("streams"),
  persistent: generated("persistent"),
  projections: generated("projections"),
  gossip: generated("gossip"),
  serverfeatures: generated("serverfeatures"),
  shared: generated("shared"),
  status: generated("status"),
};

export interface Sample {
  readonly name: string;
  readonly own: Message<unknown>;
  readonly generated: Generated;
  readonly value: unknown;
  /** Enum names by the numbers that the generated classes know them by. */
  readonly enums: Readonly<Record<string, string>>;
}

const samples: Sample[] = [];

/** Notes samples of one message; with types, so that a wrong name does not compile. */
function of<Out, In>(
  file: keyof typeof files,
  name: string,
  own: Message<Out, In>,
  values: readonly NoInfer<In>[],
  enums: Record<string, string> = {},
): void {
  const target = name.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], files[file]);
  for (const value of values) {
    samples.push({
      name: `${file}.${name}`,
      own: own as unknown as Message<unknown>,
      generated: target as Generated,
      value,
      enums,
    });
  }
}

const id = "0d7b5bd8-9a58-4b3c-8f4e-2f1c3a4b5c6d";
const bytes = Buffer.from([0, 1, 2, 250, 255]);
const place = { commitPosition: 7_000_000_001, preparePosition: 6_999_999_999 };
const filter = {
  filter: { case: "streamIdentifier", value: { regex: "^a", prefix: ["x", "é"] } },
  window: { case: "max", value: 32 },
  checkpointIntervalMultiplier: 4,
} as const;
const record = {
  id,
  streamIdentifier: "orders-ü1",
  streamRevision: 12,
  preparePosition: 301,
  commitPosition: 302,
  metadata: [
    ["content-type", "application/json"],
    ["created", "17000000000000000"],
    ["type", "OrderPlaced"],
  ] as const,
  customMetadata: Buffer.from("{}"),
  data: bytes,
};

const stream = { streamIdentifier: "orders-1", revisionOption: { case: "revision", value: 300 } } as const;
of(
  "streams",
  "ReadReq",
  streams.readReq,
  [
    {
      options: {
        streamOption: { case: "stream", value: stream },
        readDirection: "backwards",
        resolveLinks: true,
        countOption: { case: "count", value: 9_007_199_254_740_991 },
        filterOption: { case: "noFilter" },
        uuidOption: { content: { case: "string" } },
        controlOption: { compatibility: 1 },
      },
    },
    {
      options: {
        streamOption: { case: "all", value: { allOption: { case: "position", value: place } } },
        readDirection: "forwards",
        countOption: { case: "subscription" },
        filterOption: { case: "filter", value: filter },
        uuidOption: { content: { case: "structured" } },
      },
    },
    {
      options: {
        streamOption: { case: "stream", value: { streamIdentifier: "s", revisionOption: { case: "start" } } },
        filterOption: {
          case: "filter",
          value: { filter: { case: "eventType", value: { regex: "z" } }, window: { case: "count" } },
        },
      },
    },
    { options: { streamOption: { case: "stream", value: { revisionOption: { case: "end" } } } } },
    { options: { streamOption: { case: "all", value: { allOption: { case: "start" } } } } },
    { options: { streamOption: { case: "all", value: { allOption: { case: "end" } } } } },
  ],
  { backwards: "1", forwards: "0" },
);

of("streams", "ReadResp", streams.readResp, [
  {
    content: { case: "event", value: { event: record, link: record, position: { case: "commitPosition", value: 5 } } },
  },
  {
    content: {
      case: "event",
      value: { event: { ...record, streamRevision: 2n ** 63n + 1n }, position: { case: "noPosition" } },
    },
  },
  { content: { case: "confirmation", value: { subscriptionId: id } } },
  { content: { case: "checkpoint", value: place } },
  { content: { case: "streamNotFound", value: { streamIdentifier: "s" } } },
  { content: { case: "firstStreamPosition", value: 3 } },
  { content: { case: "lastStreamPosition", value: 2n ** 64n - 1n } },
  { content: { case: "lastAllStreamPosition", value: place } },
  { content: { case: "caughtUp" } },
  { content: { case: "fellBehind" } },
]);

const expectations = [
  { case: "revision", value: 3 },
  { case: "noStream" },
  { case: "any" },
  { case: "streamExists" },
] as const;
const proposed = {
  id,
  metadata: [
    ["content-type", "application/octet-stream"],
    ["type", "T"],
  ] as const,
  customMetadata: bytes,
  data: Buffer.alloc(300, 7),
};
of("streams", "AppendReq", streams.appendReq, [
  ...expectations.map((expectedStreamRevision) => ({
    content: { case: "options", value: { streamIdentifier: "s", expectedStreamRevision } } as const,
  })),
  { content: { case: "proposedMessage", value: proposed } },
]);
const answers = [
  { currentRevisionOption: { case: "currentRevision", value: 4 }, positionOption: { case: "position", value: place } },
  { currentRevisionOption: { case: "noStream" }, positionOption: { case: "noPosition" } },
] as const;
of("streams", "AppendResp", streams.appendResp, [
  ...answers.map((value) => ({ result: { case: "success", value } as const })),
  {
    result: {
      case: "wrongExpectedVersion",
      value: {
        currentRevisionOption_20_6_0: { case: "currentRevision_20_6_0", value: 1 },
        expectedRevisionOption_20_6_0: { case: "expectedRevision_20_6_0", value: 2 },
        currentRevisionOption: { case: "currentRevision", value: 1 },
        expectedRevisionOption: { case: "expectedRevision", value: 2 },
      },
    },
  },
  {
    result: {
      case: "wrongExpectedVersion",
      value: {
        currentRevisionOption_20_6_0: { case: "noStream_20_6_0" },
        expectedRevisionOption_20_6_0: { case: "any_20_6_0" },
        currentRevisionOption: { case: "currentNoStream" },
        expectedRevisionOption: { case: "expectedAny" },
      },
    },
  },
  {
    result: {
      case: "wrongExpectedVersion",
      value: {
        expectedRevisionOption_20_6_0: { case: "streamExists_20_6_0" },
        expectedRevisionOption: { case: "expectedStreamExists" },
      },
    },
  },
  { result: { case: "wrongExpectedVersion", value: { expectedRevisionOption: { case: "expectedNoStream" } } } },
]);

const batchExpectations = [
  { case: "streamPosition", value: 3 },
  { case: "noStream" },
  { case: "any" },
  { case: "streamExists" },
] as const;
of(
  "streams",
  "BatchAppendReq",
  streams.batchAppendReq,
  batchExpectations.map((expectedStreamPosition) => ({
    correlationId: id,
    options: {
      streamIdentifier: "s",
      expectedStreamPosition,
      deadlineOption: { case: "deadline_21_10_0", value: { seconds: 1_700_000_000, nanos: 5 } },
    } as const,
    proposedMessages: [proposed, proposed],
    isFinal: true,
  })),
);
of("streams", "BatchAppendResp", streams.batchAppendResp, [
  ...batchExpectations.map((expectedStreamPosition, i) => ({
    correlationId: id,
    result: { case: "success", value: answers[i % 2] ?? {} } as const,
    streamIdentifier: "s",
    expectedStreamPosition,
  })),
  {
    correlationId: id,
    result: {
      case: "error",
      value: { code: 9, message: "no", details: { typeUrl: "type.googleapis.com/x", value: bytes } },
    },
  },
]);
for (const [name, codec] of [
  ["DeleteReq", streams.deleteReq],
  ["TombstoneReq", streams.tombstoneReq],
] as const) {
  of(
    "streams",
    name,
    codec,
    expectations.map((e) => ({ options: { streamIdentifier: "s", expectedStreamRevision: e } })),
  );
}
for (const [name, codec] of [
  ["DeleteResp", streams.deleteResp],
  ["TombstoneResp", streams.tombstoneResp],
] as const) {
  of("streams", name, codec, [
    { positionOption: { case: "position", value: place } },
    { positionOption: { case: "noPosition" } },
  ]);
}

of("status", "Status", shared.status, [{ code: 6, message: "m", details: { typeUrl: "t", value: bytes } }]);
of("shared", "WrongExpectedVersion", shared.wrongExpectedVersion, [
  {
    currentStreamRevision: { case: "currentStreamRevision", value: 3 },
    expectedStreamPosition: { case: "expectedStreamPosition", value: 4 },
  },
  { currentStreamRevision: { case: "currentNoStream" }, expectedStreamPosition: { case: "expectedAny" } },
  { expectedStreamPosition: { case: "expectedStreamExists" } },
  { expectedStreamPosition: { case: "expectedNoStream" } },
]);
of("shared", "StreamDeleted", shared.streamDeleted, [{ streamIdentifier: "s" }]);
of("shared", "MaximumAppendSizeExceeded", shared.maximumAppendSizeExceeded, [{ maxAppendSize: 1_048_576 }]);
of("shared", "BadRequest", shared.badRequest, [{ message: "why" }]);
of("shared", "AllStreamPosition", shared.position, [place]);

const group = { groupName: "g" };
const settings = {
  resolveLinks: true,
  revision: 2n ** 64n - 1n,
  extraStatistics: true,
  messageTimeout: { case: "messageTimeoutMs", value: 1000 },
  maxRetryCount: 5,
  checkpointAfter: { case: "checkpointAfterMs", value: 2000 },
  minCheckpointCount: 7,
  maxCheckpointCount: 8,
  maxSubscriberCount: -9,
  liveBufferSize: 10,
  readBatchSize: 11,
  historyBufferSize: 12,
  namedConsumerStrategy: "Pinned",
} as const;
const inTicks = {
  messageTimeout: { case: "messageTimeoutTicks", value: -1 },
  checkpointAfter: { case: "checkpointAfterTicks", value: 2n ** 62n },
  namedConsumerStrategy: "RoundRobin",
} as const;
const strategies = { DispatchToSingle: "0", RoundRobin: "1", Pinned: "2" };
of(
  "persistent",
  "CreateReq",
  persistent.createReq,
  [
    { options: { streamIdentifier: "s", ...group, settings: { ...settings, consumerStrategy: "Pinned2" } } },
    { options: { ...group, settings: inTicks, streamOption: { case: "stream", value: stream } } },
    {
      options: {
        ...group,
        settings: inTicks,
        streamOption: {
          case: "all",
          value: { allOption: { case: "position", value: place }, filterOption: { case: "filter", value: filter } },
        },
      },
    },
    {
      options: {
        settings: inTicks,
        streamOption: { case: "all", value: { allOption: { case: "end" }, filterOption: { case: "noFilter" } } },
      },
    },
  ],
  strategies,
);
of(
  "persistent",
  "UpdateReq",
  persistent.updateReq,
  [
    { options: { streamIdentifier: "s", ...group, settings } },
    {
      options: { ...group, settings: inTicks, streamOption: { case: "all", value: { allOption: { case: "start" } } } },
    },
  ],
  strategies,
);
of("persistent", "DeleteReq", persistent.deleteReq, [
  { options: { streamOption: { case: "streamIdentifier", value: "s" }, ...group } },
  { options: { streamOption: { case: "all" }, ...group } },
]);
of("persistent", "GetInfoReq", persistent.getInfoReq, [
  { options: { streamOption: { case: "streamIdentifier", value: "s" }, ...group } },
  { options: { streamOption: { case: "all" }, ...group } },
]);
of("persistent", "ReplayParkedReq", persistent.replayParkedReq, [
  {
    options: {
      streamOption: { case: "streamIdentifier", value: "s" },
      ...group,
      stopAtOption: { case: "stopAt", value: 4 },
    },
  },
  { options: { streamOption: { case: "all" }, ...group, stopAtOption: { case: "noLimit" } } },
]);
of("persistent", "ListReq", persistent.listReq, [
  { options: { listOption: { case: "listAllSubscriptions" } } },
  { options: { listOption: { case: "listForStream", value: { streamOption: { case: "stream", value: "s" } } } } },
  { options: { listOption: { case: "listForStream", value: { streamOption: { case: "all" } } } } },
]);
const info = {
  eventSource: "s",
  groupName: "g",
  status: "Live",
  connections: [
    {
      from: "a",
      username: "u",
      averageItemsPerSecond: 1,
      totalItems: 2,
      countSinceLastMeasurement: 3,
      observedMeasurements: [{ key: "k", value: 4 }],
      availableSlots: 5,
      inFlightMessages: 6,
      connectionName: "c",
    },
  ],
  averagePerSecond: 5,
  totalItems: 6,
  countSinceLastMeasurement: 7,
  lastCheckpointedEventPosition: "8",
  lastKnownEventPosition: "9",
  resolveLinkTos: true,
  startFrom: "11",
  messageTimeoutMilliseconds: 12,
  extraStatistics: true,
  maxRetryCount: 14,
  liveBufferSize: 15,
  bufferSize: 16,
  readBatchSize: 17,
  checkPointAfterMilliseconds: 18,
  minCheckPointCount: 19,
  maxCheckPointCount: 20,
  readBufferCount: 21,
  liveBufferCount: 22,
  retryBufferCount: 23,
  totalInFlightMessages: 24,
  outstandingMessagesCount: 25,
  namedConsumerStrategy: "26",
  maxSubscriberCount: 27,
  parkedMessageCount: 28,
};
of("persistent", "GetInfoResp", persistent.getInfoResp, [{ subscriptionInfo: info }]);
of("persistent", "ListResp", persistent.listResp, [{ subscriptions: [info, { groupName: "h" }] }]);
of(
  "persistent",
  "ReadReq",
  persistent.readReq,
  [
    {
      content: {
        case: "options",
        value: {
          streamOption: { case: "streamIdentifier", value: "s" },
          ...group,
          bufferSize: 10,
          uuidOption: { content: { case: "string" } },
        },
      },
    },
    { content: { case: "options", value: { streamOption: { case: "all" }, ...group } } },
    { content: { case: "ack", value: { id: bytes, ids: [id, id] } } },
    { content: { case: "nack", value: { id: bytes, ids: [id], action: "park", reason: "why" } } },
    { content: { case: "nack", value: { ids: [id], action: "stop" } } },
  ],
  { park: "1", stop: "4" },
);
of("persistent", "ReadResp", persistent.readResp, [
  {
    content: {
      case: "event",
      value: {
        event: record,
        link: record,
        position: { case: "commitPosition", value: 1 },
        count: { case: "retryCount", value: 2 },
      },
    },
  },
  {
    content: {
      case: "event",
      value: { event: record, position: { case: "noPosition" }, count: { case: "noRetryCount" } },
    },
  },
  { content: { case: "subscriptionConfirmation", value: { subscriptionId: "s::g" } } },
]);

of("projections", "CreateReq", projections.createReq, [
  { options: { mode: { case: "oneTime" }, query: "q" } },
  { options: { mode: { case: "transient", value: { name: "n" } }, query: "q" } },
  {
    options: {
      mode: { case: "continuous", value: { name: "n", emitEnabled: true, trackEmittedStreams: true } },
      query: "fromAll()",
    },
  },
]);
of("projections", "UpdateReq", projections.updateReq, [
  { options: { name: "n", query: "q", emitOption: { case: "emitEnabled", value: true } } },
  { options: { name: "n", query: "q", emitOption: { case: "emitEnabled", value: false } } },
  { options: { name: "n", query: "q", emitOption: { case: "noEmitOptions" } } },
]);
of("projections", "DeleteReq", projections.deleteReq, [
  { options: { name: "n", deleteEmittedStreams: true } },
  { options: { name: "n", deleteStateStream: true } },
  { options: { name: "n", deleteCheckpointStream: true } },
]);
of("projections", "StatisticsReq", projections.statisticsReq, [
  { options: { mode: { case: "name", value: "n" } } },
  { options: { mode: { case: "all" } } },
  { options: { mode: { case: "transient" } } },
  { options: { mode: { case: "continuous" } } },
  { options: { mode: { case: "oneTime" } } },
]);
of("projections", "StatisticsResp", projections.statisticsResp, [
  {
    details: {
      coreProcessingTime: 1,
      version: 2,
      epoch: -3,
      effectiveName: "4",
      writesInProgress: 5,
      readsInProgress: 6,
      partitionsCached: 7,
      status: "8",
      stateReason: "9",
      name: "10",
      mode: "11",
      position: "12",
      progress: 99.5,
      lastCheckpoint: "14",
      eventsProcessedAfterRestart: 15,
      checkpointStatus: "16",
      bufferedEvents: 17,
      writePendingEventsBeforeCheckpoint: 18,
      writePendingEventsAfterCheckpoint: 19,
    },
  },
]);
for (const [name, codec] of [
  ["StateReq", projections.stateReq],
  ["ResultReq", projections.resultReq],
] as const) {
  of("projections", name, codec, [{ options: { name: "n", partition: "p" } }]);
}
for (const [name, codec] of [
  ["ResetReq", projections.resetReq],
  ["DisableReq", projections.disableReq],
] as const) {
  of("projections", name, codec, [{ options: { name: "n", writeCheckpoint: true } }]);
}
of("projections", "EnableReq", projections.enableReq, [{ options: { name: "n" } }]);

of(
  "gossip",
  "ClusterInfo",
  gossip.clusterInfo,
  [
    {
      members: [
        { instanceId: id, timeStamp: 1, state: "Leader", isAlive: true, httpEndPoint: { address: "h", port: 2113 } },
      ],
    },
    { members: [{ state: "ResigningLeader" }] },
  ],
  { Leader: "8", ResigningLeader: "15" },
);
of("serverfeatures", "SupportedMethods", features.supportedMethods, [
  {
    methods: [{ methodName: "append", serviceName: "s", features: ["a", "b"] }, { methodName: "x" }],
    eventStoreServerVersion: "23.10.6.0",
  },
]);

export const allSamples: readonly Sample[] = samples;
