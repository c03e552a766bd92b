import * as shared from "../../../src/grpc/wire/shared.ts";
import * as streams from "../../../src/grpc/wire/streams.ts";
import { type Sample, bytes, filter, id, place, record, samplesOf } from "./sample.ts";

export const streamSamples: Sample[] = [];

const stream = { streamIdentifier: "orders-1", revisionOption: { case: "revision", value: 300 } } as const;
streamSamples.push(
  ...samplesOf(
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
  ),
);

streamSamples.push(
  ...samplesOf("streams", "ReadResp", streams.readResp, [
    {
      content: {
        case: "event",
        value: { event: record, link: record, position: { case: "commitPosition", value: 5 } },
      },
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
    { content: { case: "caughtUp", value: {} } },
    { content: { case: "fellBehind", value: {} } },
  ]),
);

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
streamSamples.push(
  ...samplesOf("streams", "AppendReq", streams.appendReq, [
    ...expectations.map((expectedStreamRevision) => ({
      content: { case: "options", value: { streamIdentifier: "s", expectedStreamRevision } } as const,
    })),
    { content: { case: "proposedMessage", value: proposed } },
  ]),
);
const answers = [
  { currentRevisionOption: { case: "currentRevision", value: 4 }, positionOption: { case: "position", value: place } },
  { currentRevisionOption: { case: "noStream" }, positionOption: { case: "noPosition" } },
] as const;
streamSamples.push(
  ...samplesOf("streams", "AppendResp", streams.appendResp, [
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
  ]),
);

const batchExpectations = [
  { case: "streamPosition", value: 3 },
  { case: "noStream" },
  { case: "any" },
  { case: "streamExists" },
] as const;
streamSamples.push(
  ...samplesOf(
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
  ),
);
streamSamples.push(
  ...samplesOf("streams", "BatchAppendResp", streams.batchAppendResp, [
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
  ]),
);
for (const [name, codec] of [
  ["DeleteReq", streams.deleteReq],
  ["TombstoneReq", streams.tombstoneReq],
] as const) {
  streamSamples.push(
    ...samplesOf(
      "streams",
      name,
      codec,
      expectations.map((e) => ({ options: { streamIdentifier: "s", expectedStreamRevision: e } })),
    ),
  );
}
for (const [name, codec] of [
  ["DeleteResp", streams.deleteResp],
  ["TombstoneResp", streams.tombstoneResp],
] as const) {
  streamSamples.push(
    ...samplesOf("streams", name, codec, [
      { positionOption: { case: "position", value: place } },
      { positionOption: { case: "noPosition" } },
    ]),
  );
}

streamSamples.push(
  ...samplesOf("status", "Status", shared.status, [{ code: 6, message: "m", details: { typeUrl: "t", value: bytes } }]),
);
streamSamples.push(
  ...samplesOf("shared", "WrongExpectedVersion", shared.wrongExpectedVersion, [
    {
      currentStreamRevision: { case: "currentStreamRevision", value: 3 },
      expectedStreamPosition: { case: "expectedStreamPosition", value: 4 },
    },
    { currentStreamRevision: { case: "currentNoStream" }, expectedStreamPosition: { case: "expectedAny" } },
    { expectedStreamPosition: { case: "expectedStreamExists" } },
    { expectedStreamPosition: { case: "expectedNoStream" } },
  ]),
);
streamSamples.push(...samplesOf("shared", "StreamDeleted", shared.streamDeleted, [{ streamIdentifier: "s" }]));
streamSamples.push(
  ...samplesOf("shared", "MaximumAppendSizeExceeded", shared.maximumAppendSizeExceeded, [{ maxAppendSize: 1_048_576 }]),
);
streamSamples.push(...samplesOf("shared", "BadRequest", shared.badRequest, [{ message: "why" }]));
streamSamples.push(...samplesOf("shared", "AllStreamPosition", shared.position, [place]));
