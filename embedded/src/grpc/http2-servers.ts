import type { Http2SecureServer, Http2Server } from "node:http2";
import type { Server } from "@grpc/grpc-js";

/**
 * The HTTP/2 servers inside a gRPC server, for limits that gRPC itself does not know. They are no part of its public
 * interface: where a later version keeps them elsewhere, there are none here, and those limits do not hold.
 */
export function http2ServersOf(server: Server): readonly (Http2Server | Http2SecureServer)[] {
  const inside: unknown = Reflect.get(server, "http2Servers");
  return inside instanceof Map ? [...inside.keys()] : [];
}
