import { constants, type Http2SecureServer, type Http2Server } from "node:http2";

/** After this a client that goes on sending on a call that was answered is told to stop. */
const PATIENCE_MS = 2000;

/** Ends the sending side of calls that the server has ended, which gRPC leaves to the client: one that never stops would be read for ever. */
export function endEndlessCalls(server: Http2Server | Http2SecureServer): void {
  server.on("stream", (stream) => {
    let timer: NodeJS.Timeout | undefined;
    stream.once("finish", () => {
      if (stream.readableEnded || stream.closed) return;
      timer = setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), PATIENCE_MS);
      timer.unref();
    });
    stream.once("close", () => clearTimeout(timer));
  });
}
