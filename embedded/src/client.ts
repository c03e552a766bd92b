/**
 * A thin client for tools that must see what really is stored, byte for byte and digit for digit, where the official
 * clients parse JSON and lose both. It speaks the protocol by the same codecs as the server.
 */
export { connect, type Connection } from "./client/connection.ts";
export { ConnectionStringError, NotAllowedError, ServerUnreachableError } from "./client/connection-errors.ts";
export { type ConnectionSettings, parseConnectionString } from "./client/connection-string.ts";
export type { Decoded, Encodable } from "./grpc/wire/message.ts";
export { serverFeaturesService } from "./grpc/wire/server-features.ts";
export {
  appendReq,
  appendResp,
  filterOptions,
  readEvent,
  readReq,
  readResp,
  recordedEvent,
  streamsService,
} from "./grpc/wire/streams.ts";
export { TOMBSTONE_REVISION } from "./log/record.ts";
