/**
 * A thin client for tools that must see what really is stored, byte for byte and digit for digit, where the official
 * clients parse JSON and lose both. It speaks the protocol by the same codecs as the server.
 */
export { connect, type Connection } from "./cli/connection/connection.ts";
export { NotAllowedError, ServerUnreachableError } from "./cli/connection/connection-errors.ts";
export { type ConnectionSettings, parseConnectionString } from "./cli/connection/connection-string.ts";
export { UsageError } from "./cli/usage-error.ts";
export { serverFeaturesService } from "./grpc/wire/server-features.ts";
export { streamsService } from "./grpc/wire/streams.ts";
