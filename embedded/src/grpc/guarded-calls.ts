import {
  constants,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";

type Listener = (this: unknown, stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => void;
/** Takes over a request that is none of gRPC. */
export type OnOther = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/**
 * Keeps calls from ending the process. One that was given up before it is announced (which happens under TLS, when both
 * come at once) makes grpc-js answer where nothing can be answered any more: it throws with nobody there to catch.
 * What is not gRPC goes to `onOther`; grpc-js says to it only that it does not know the content.
 * To be called when those listen to `server` who handle calls, and nobody else.
 */
export function guardCalls(server: Http2Server | Http2SecureServer, onOther?: OnOther): void {
  const listeners = server.listeners("stream") as Listener[];
  server.removeAllListeners("stream");
  server.on("stream", function guarded(this: unknown, stream: ServerHttp2Stream, headers, ...rest) {
    // Its error comes behind, and is nobody's.
    stream.on("error", () => {});
    if (stream.destroyed) return;
    try {
      if (onOther !== undefined && !isGrpc(headers)) onOther(stream, headers);
      else for (const listener of listeners) listener.call(this, stream, headers, ...rest);
    } catch {
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    }
  });
}

const isGrpc = ({ "content-type": type = "" }: IncomingHttpHeaders): boolean => type.startsWith("application/grpc");
