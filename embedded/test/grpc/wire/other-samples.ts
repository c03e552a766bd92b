import * as gossip from "../../../src/grpc/wire/gossip.ts";
import * as projections from "../../../src/grpc/wire/projections.ts";
import * as features from "../../../src/grpc/wire/server-features.ts";
import { type Sample, id, samplesOf } from "./sample.ts";

export const otherSamples: Sample[] = [];

otherSamples.push(
  ...samplesOf("projections", "CreateReq", projections.createReq, [
    { options: { mode: { case: "oneTime" }, query: "q" } },
    { options: { mode: { case: "transient", value: { name: "n" } }, query: "q" } },
    {
      options: {
        mode: { case: "continuous", value: { name: "n", emitEnabled: true, trackEmittedStreams: true } },
        query: "fromAll()",
      },
    },
  ]),
);
otherSamples.push(
  ...samplesOf("projections", "UpdateReq", projections.updateReq, [
    { options: { name: "n", query: "q", emitOption: { case: "emitEnabled", value: true } } },
    { options: { name: "n", query: "q", emitOption: { case: "emitEnabled", value: false } } },
    { options: { name: "n", query: "q", emitOption: { case: "noEmitOptions" } } },
  ]),
);
otherSamples.push(
  ...samplesOf("projections", "DeleteReq", projections.deleteReq, [
    { options: { name: "n", deleteEmittedStreams: true } },
    { options: { name: "n", deleteStateStream: true } },
    { options: { name: "n", deleteCheckpointStream: true } },
  ]),
);
otherSamples.push(
  ...samplesOf("projections", "StatisticsReq", projections.statisticsReq, [
    { options: { mode: { case: "name", value: "n" } } },
    { options: { mode: { case: "all" } } },
    { options: { mode: { case: "transient" } } },
    { options: { mode: { case: "continuous" } } },
    { options: { mode: { case: "oneTime" } } },
  ]),
);
otherSamples.push(
  ...samplesOf("projections", "StatisticsResp", projections.statisticsResp, [
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
  ]),
);
for (const [name, codec] of [
  ["StateReq", projections.stateReq],
  ["ResultReq", projections.resultReq],
] as const) {
  otherSamples.push(...samplesOf("projections", name, codec, [{ options: { name: "n", partition: "p" } }]));
}
for (const [name, codec] of [
  ["ResetReq", projections.resetReq],
  ["DisableReq", projections.disableReq],
] as const) {
  otherSamples.push(...samplesOf("projections", name, codec, [{ options: { name: "n", writeCheckpoint: true } }]));
}
otherSamples.push(...samplesOf("projections", "EnableReq", projections.enableReq, [{ options: { name: "n" } }]));

otherSamples.push(
  ...samplesOf(
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
  ),
);
otherSamples.push(
  ...samplesOf("serverfeatures", "SupportedMethods", features.supportedMethods, [
    {
      methods: [{ methodName: "append", serviceName: "s", features: ["a", "b"] }, { methodName: "x" }],
      eventStoreServerVersion: "23.10.6.0",
    },
  ]),
);
