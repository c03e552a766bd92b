import * as persistent from "../../../src/grpc/wire/persistent.ts";
import { type Sample, bytes, filter, id, place, record, samplesOf } from "./sample.ts";

const stream = { streamIdentifier: "orders-1", revisionOption: { case: "revision", value: 300 } } as const;

export const persistentSamples: Sample[] = [];

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
persistentSamples.push(
  ...samplesOf(
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
  ),
);
persistentSamples.push(
  ...samplesOf(
    "persistent",
    "UpdateReq",
    persistent.updateReq,
    [
      { options: { streamIdentifier: "s", ...group, settings } },
      {
        options: {
          ...group,
          settings: inTicks,
          streamOption: { case: "all", value: { allOption: { case: "start" } } },
        },
      },
    ],
    strategies,
  ),
);
persistentSamples.push(
  ...samplesOf("persistent", "DeleteReq", persistent.deleteReq, [
    { options: { streamOption: { case: "streamIdentifier", value: "s" }, ...group } },
    { options: { streamOption: { case: "all" }, ...group } },
  ]),
);
persistentSamples.push(
  ...samplesOf("persistent", "GetInfoReq", persistent.getInfoReq, [
    { options: { streamOption: { case: "streamIdentifier", value: "s" }, ...group } },
    { options: { streamOption: { case: "all" }, ...group } },
  ]),
);
persistentSamples.push(
  ...samplesOf("persistent", "ReplayParkedReq", persistent.replayParkedReq, [
    {
      options: {
        streamOption: { case: "streamIdentifier", value: "s" },
        ...group,
        stopAtOption: { case: "stopAt", value: 4 },
      },
    },
    { options: { streamOption: { case: "all" }, ...group, stopAtOption: { case: "noLimit" } } },
  ]),
);
persistentSamples.push(
  ...samplesOf("persistent", "ListReq", persistent.listReq, [
    { options: { listOption: { case: "listAllSubscriptions" } } },
    { options: { listOption: { case: "listForStream", value: { streamOption: { case: "stream", value: "s" } } } } },
    { options: { listOption: { case: "listForStream", value: { streamOption: { case: "all" } } } } },
  ]),
);
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
persistentSamples.push(...samplesOf("persistent", "GetInfoResp", persistent.getInfoResp, [{ subscriptionInfo: info }]));
persistentSamples.push(
  ...samplesOf("persistent", "ListResp", persistent.listResp, [{ subscriptions: [info, { groupName: "h" }] }]),
);
persistentSamples.push(
  ...samplesOf(
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
  ),
);
persistentSamples.push(
  ...samplesOf("persistent", "ReadResp", persistent.readResp, [
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
  ]),
);
