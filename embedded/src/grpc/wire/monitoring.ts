import { field, map } from "./field.ts";
import { message } from "./message.ts";
import { bool, string, uint64 } from "./scalars.ts";
import { serverStream, service } from "./service.ts";

export const statsReq = message({ useMetadata: field(1, bool), refreshTimePeriodInMs: field(4, uint64) });
export const statsResp = message({ stats: map(1, string) });

export const monitoringService = service("event_store.client.monitoring.Monitoring", {
  stats: serverStream("Stats", statsReq, statsResp),
});
