import { subscribe } from "node:diagnostics_channel";
import type { ClientHttp2Stream } from "node:http2";

/** Node tells of each call that a client begins over HTTP/2. Versions that do not (before 22.17) gather nothing. */
const CREATED = "http2.client.stream.created";
/** Bytes that a call may have on their way before its next message waits for them. */
const AHEAD_BYTES = 64 * 1024;

const paths = new Set<string>();

/**
 * Sends what is written on calls of this method in one turn of the event loop as one piece. By itself grpc-js waits after each
 * message until the connection has taken it, so that 32 appends leave in as many turns, each with a system call here and one on the
 * server; it has no option for this. From now on, for every client in the process.
 */
export function gatherWrites(path: string): void {
  if (paths.size === 0) {
    subscribe(CREATED, (created) => {
      const { stream, headers } = created as Created;
      if (paths.has(`${headers[":path"]}`)) gather(stream);
    });
  }
  paths.add(path);
}

interface Created {
  readonly stream: ClientHttp2Stream;
  readonly headers: Readonly<Record<string, unknown>>;
}

type Write = (chunk: unknown, ...more: unknown[]) => boolean;

function gather(stream: ClientHttp2Stream): void {
  const write = stream.write.bind(stream) as Write;
  let isStill = true;
  // Behind all that this turn writes, and still in it: from the next phase of the loop it would leave a turn later.
  const send = (): void => {
    if (isStill) return stream.uncork();
    isStill = true;
    process.nextTick(send);
  };
  const gathered: Write = (chunk, done, ...more) => {
    // Whoever writes otherwise than grpc-js, such as a proxy in this process, waits for nothing.
    if (!(chunk instanceof Uint8Array) || typeof done !== "function") return write(chunk, done, ...more);
    isStill = false;
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
