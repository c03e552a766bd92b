/** NestJS microservices over Sluice: a server, a client, and what handlers get to see. */
export { SluiceServer } from "./sluice-server.ts";
export type { ServerStatus, SluiceServerEvents } from "./sluice-server.ts";
export type { SluiceServerOptions } from "./server-options.ts";
export { SluiceClient } from "./sluice-client.ts";
export type { ClientStatus, SluiceClientOptions } from "./sluice-client.ts";
export { SluiceContext } from "./sluice-context.ts";
export { SluiceRecord } from "./sluice-record.ts";
export type { SluiceRecordOptions } from "./sluice-record.ts";
export { TellOriginalErrors } from "./tell-original-errors.ts";
export { SluiceHealthIndicator } from "./sluice-health-indicator.ts";
export type { SluiceHealth } from "./sluice-health-indicator.ts";
export { ClientClosed } from "./client-closed.ts";
export { InvalidPattern } from "./invalid-pattern.ts";
export { NoDestination } from "./no-destination.ts";
export { NotAcknowledged } from "./not-acknowledged.ts";
