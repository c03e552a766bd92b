import { constants, type Http2SecureServer, type Http2Server, type ServerHttp2Stream } from "node:http2";

type Listener = (this: unknown, stream: ServerHttp2Stream, ...rest: unknown[]) => void;

/**
 * Keeps calls from ending the process. One that was given up before it is announced (which happens under TLS, when both
 * come at once) makes grpc-js answer where nothing can be answered any more: it throws with nobody there to catch.
 * To be called before anybody else listens to `server`.
 */
export function guardCalls(server: Http2Server | Http2SecureServer): void {
  for (const listener of server.listeners("stream") as Listener[]) {
    server.off("stream", listener);
    server.on("stream", function guarded(this: unknown, stream: ServerHttp2Stream, ...rest: unknown[]) {
      // Its error comes behind, and is nobody's.
      stream.on("error", () => {});
      if (stream.destroyed) return;
      try {
        listener.call(this, stream, ...rest);
      } catch {
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      }
    });
  }
}
