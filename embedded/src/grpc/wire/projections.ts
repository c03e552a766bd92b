import { field, oneof } from "./field.ts";
import { empty, message } from "./message.ts";
import { bool, float, int32, int64, string } from "./scalars.ts";
import { serverStream, service, unary } from "./service.ts";
import { value } from "./value.ts";

export const createReq = message({
  options: field(
    1,
    message({
      mode: oneof({
        oneTime: [1, empty],
        transient: [2, message({ name: field(1, string) })],
        continuous: [
          3,
          message({ name: field(1, string), emitEnabled: field(2, bool), trackEmittedStreams: field(3, bool) }),
        ],
      }),
      query: field(4, string),
      /** Of newer clients; 0 and 1 are the engine of this server. */
      engineVersion: field(5, int32),
    }),
  ),
});

export const updateReq = message({
  options: field(
    1,
    message({
      name: field(1, string),
      query: field(2, string),
      emitOption: oneof({ emitEnabled: [3, bool], noEmitOptions: [4, empty] }),
    }),
  ),
});

export const deleteReq = message({
  options: field(
    1,
    message({
      name: field(1, string),
      deleteEmittedStreams: field(2, bool),
      deleteStateStream: field(3, bool),
      deleteCheckpointStream: field(4, bool),
    }),
  ),
});

export const statisticsReq = message({
  options: field(
    1,
    message({
      mode: oneof({
        name: [1, string],
        all: [2, empty],
        transient: [3, empty],
        continuous: [4, empty],
        oneTime: [5, empty],
      }),
    }),
  ),
});

export const details = message({
  coreProcessingTime: field(1, int64),
  version: field(2, int64),
  epoch: field(3, int64),
  effectiveName: field(4, string),
  writesInProgress: field(5, int32),
  readsInProgress: field(6, int32),
  partitionsCached: field(7, int32),
  status: field(8, string),
  stateReason: field(9, string),
  name: field(10, string),
  mode: field(11, string),
  position: field(12, string),
  progress: field(13, float),
  lastCheckpoint: field(14, string),
  eventsProcessedAfterRestart: field(15, int64),
  checkpointStatus: field(16, string),
  bufferedEvents: field(17, int64),
  writePendingEventsBeforeCheckpoint: field(18, int32),
  writePendingEventsAfterCheckpoint: field(19, int32),
});
export const statisticsResp = message({ details: field(1, details) });

const partitionOf = field(1, message({ name: field(1, string), partition: field(2, string) }));
export const stateReq = message({ options: partitionOf });
const stateResp = message({ state: field(1, value) });
export const resultReq = message({ options: partitionOf });
const resultResp = message({ result: field(1, value) });

const commandOptions = field(1, message({ name: field(1, string), writeCheckpoint: field(2, bool) }));
export const resetReq = message({ options: commandOptions });
export const disableReq = message({ options: commandOptions });
export const enableReq = message({ options: field(1, message({ name: field(1, string) })) });

export const projectionsService = service("event_store.client.projections.Projections", {
  create: unary("Create", createReq, empty),
  update: unary("Update", updateReq, empty),
  delete: unary("Delete", deleteReq, empty),
  statistics: serverStream("Statistics", statisticsReq, statisticsResp),
  disable: unary("Disable", disableReq, empty),
  enable: unary("Enable", enableReq, empty),
  reset: unary("Reset", resetReq, empty),
  state: unary("State", stateReq, stateResp),
  result: unary("Result", resultReq, resultResp),
  restartSubsystem: unary("RestartSubsystem", empty, empty),
});
