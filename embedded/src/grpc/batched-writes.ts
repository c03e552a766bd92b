import type { Http2SecureServer, Http2Server, ServerHttp2Stream } from "node:http2";

/** Bytes that a call may have on their way before its next message waits for them. */
const AHEAD_BYTES = 64 * 1024;

/**
 * Sends what a call answers in one turn of the event loop as one piece. By itself grpc-js waits after each message until
 * the connection has taken it, so that a group of appends that reach the disk together is answered in as many packets, each
 * with a system call here and one in the client.
 */
export function batchWrites(server: Http2Server | Http2SecureServer): void {
  server.prependListener("stream", gather);
}

function gather(stream: ServerHttp2Stream): void {
  const write = stream.write.bind(stream) as (chunk: Buffer, done: (error?: Error | null) => void) => boolean;
  const send = (): void => stream.uncork();
  const gathered: typeof write = (chunk, done) => {
    if (stream.writableCorked === 0) {
      stream.cork();
      process.nextTick(send);
    }
    if (stream.writableLength + chunk.length > AHEAD_BYTES) return write(chunk, done);
    // Whatever becomes of it is heard as the end of the call.
    const isTaken = write(chunk, () => {});
    done();
    return isTaken;
  };
  Object.assign(stream, { write: gathered });
}
