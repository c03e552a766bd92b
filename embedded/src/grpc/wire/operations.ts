import { field } from "./field.ts";
import { empty, message } from "./message.ts";
import { enumeration, int32, string } from "./scalars.ts";
import { service, unary } from "./service.ts";

export const startScavengeReq = message({
  options: field(1, message({ threadCount: field(1, int32), startFromChunk: field(2, int32) })),
});
export const stopScavengeReq = message({ options: field(1, message({ scavengeId: field(1, string) })) });
export const scavengeResp = message({
  scavengeId: field(1, string),
  scavengeResult: field(2, enumeration("Started", "InProgress", "Stopped")),
});
export const setNodePriorityReq = message({ priority: field(1, int32) });

export const operationsService = service("event_store.client.operations.Operations", {
  startScavenge: unary("StartScavenge", startScavengeReq, scavengeResp),
  stopScavenge: unary("StopScavenge", stopScavengeReq, scavengeResp),
  shutdown: unary("Shutdown", empty, empty),
  mergeIndexes: unary("MergeIndexes", empty, empty),
  resignNode: unary("ResignNode", empty, empty),
  setNodePriority: unary("SetNodePriority", setNodePriorityReq, empty),
  restartPersistentSubscriptions: unary("RestartPersistentSubscriptions", empty, empty),
});
