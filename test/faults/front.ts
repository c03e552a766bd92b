import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type Readable, Transform } from "node:stream";

const HOST = "127.0.0.1";

/** Listens in front of another port of this machine and passes bytes on, until it is told not to. */
export interface Front extends AsyncDisposable {
  readonly port: number;
  /** Cuts every connection, or the one that comes from this local port: the client reads ECONNRESET. */
  cut(localPort?: number): void;
  /** Passes nothing in either direction until what is answered is disposed of; connections are taken nevertheless. */
  suspended(): Disposable;
  /** Cuts every connection and takes no more: the client gets ECONNREFUSED. */
  close(): Promise<void>;
  /** Takes connections again, on the same port. */
  reopen(): Promise<void>;
}

/** A client's connection, and the one behind it. */
interface Link {
  readonly outer: Socket;
  readonly inner: Socket;
  /** What the inner one says, once it is due. */
  readonly answers: Readable;
}

/** @param latency milliseconds that each answer is on its way. */
export async function startFront(innerPort: number, latency: number): Promise<Front> {
  const links = new Set<Link>();
  let suspensions = 0;
  const accept = (outer: Socket): void => {
    const inner = connect({ host: HOST, port: innerPort, noDelay: true });
    const link: Link = { outer, inner, answers: latency > 0 ? inner.pipe(delayed(latency)) : inner };
    links.add(link);
    join(link.outer, link.inner);
    join(link.inner, link.outer);
    outer.once("close", () => links.delete(link));
    if (suspensions === 0) flow(link);
  };
  const listen = async (port: number): Promise<Server> => {
    const server = createServer({ noDelay: true }, accept).listen({ host: HOST, port });
    await once(server, "listening");
    return server;
  };
  let server: Server | undefined = await listen(0);
  const { port } = server.address() as AddressInfo;

  const front: Front = {
    port,
    cut(localPort) {
      for (const { outer, inner } of links) {
        if (localPort === undefined || inner.localPort === localPort) reset(outer);
      }
    },
    suspended() {
      if (suspensions++ === 0) for (const link of links) hold(link);
      let isOver = false;
      return {
        [Symbol.dispose]() {
          if (isOver) return;
          isOver = true;
          if (--suspensions === 0) for (const link of links) flow(link);
        },
      };
    },
    async close() {
      const closing = server;
      server = undefined;
      const closed = closing && once(closing, "close");
      closing?.close();
      front.cut();
      await closed;
    },
    async reopen() {
      server ??= await listen(port);
    },
    [Symbol.asyncDispose]: () => front.close(),
  };
  return front;
}

/** Lets the end of one connection be the end of the other. */
function join(from: Socket, to: Socket): void {
  from.on("error", () => {});
  from.once("close", (hadError) => (hadError ? reset(to) : to.destroySoon()));
}

/** One that is being shut down cannot be reset: Node would neither close it nor ever end (libuv answers EINVAL). */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

function flow({ outer, inner, answers }: Link): void {
  outer.pipe(inner);
  answers.pipe(outer);
}

function hold({ outer, inner, answers }: Link): void {
  outer.unpipe(inner);
  answers.unpipe(outer);
}

/** Each chunk leaves as long after it came as those before it, however many are under way. */
function delayed(milliseconds: number): Transform {
  return new Transform({
    transform(chunk, _encoding, done) {
      setTimeout(() => this.push(chunk), milliseconds);
      done();
    },
    flush: (done) => void setTimeout(done, milliseconds),
  });
}
