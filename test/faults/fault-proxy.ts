import { once } from "node:events";
import { type ClientHttp2Session, connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { Call } from "./call.ts";
import type { FaultRule, SeenCall, Status } from "./fault.ts";
import { FaultScript, methodMatches } from "./fault-script.ts";
import { startFront } from "./front.ts";

const HOST = "127.0.0.1";
/** In megabytes; the proxy itself sets no limit to what is under way. */
const SESSION_MEMORY = 4096;

export interface FaultProxyOptions {
  /** The port of the server on this machine. */
  readonly target: number;
  /** For the times of calls, in milliseconds. Default: that of `performance`. */
  readonly now?: () => number;
  /** Milliseconds that each answer is on its way, as from a server far away. Default: 0. */
  readonly latency?: number;
}

/** Stands between clients and a server, forwards what they say, and lets go wrong what a test asks for. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** For `EventStoreDBClient.connectionString`. */
  readonly connectionString: string;
  /** All calls so far, the oldest first; each append of a batch is one. */
  readonly calls: readonly SeenCall[];
  /**
   * From now on calls that match get this, until what is answered is disposed of. Of several rules the first that
   * matches and is not used up decides.
   */
  script(rule: FaultRule): Disposable;
  /** Ends the calls that are open now and match with that status; how many there were. */
  endOpenCalls(method: FaultRule["method"], status: Status): number;
  /** Cuts every open connection: ECONNRESET on the client. */
  cutConnections(): void;
  /** Lets no byte through, not even answers to pings, until what is answered is disposed of: a process that is frozen. */
  suspended(): Disposable;
  /** Cuts every connection and stops listening: ECONNREFUSED on the client. */
  goAway(): Promise<void>;
  /** Listens again on the same port, as a server that has restarted. */
  comeBack(): Promise<void>;
  /** Forwards new calls to another server, as after a leader change; what is under way stays with the old one. */
  retarget(port: number): void;
}

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  let { target } = options;
  const script = new FaultScript(options.now ?? (() => performance.now()));
  const open = new Set<Call>();

  const inside = createServer({ maxSessionMemory: SESSION_MEMORY });
  inside.on("session", (session) => {
    // What fails here closes it, too.
    session.on("error", () => {});
    const { remotePort } = session.socket;
    const cutConnection = (): void => front.cut(remotePort);
    // One connection to the server for each of a client's, so that what ends the one ends the other.
    let upstream: { readonly port: number; readonly session: ClientHttp2Session } | undefined;
    const upstreamSession = (): ClientHttp2Session => {
      if (upstream?.port === target && !upstream.session.closed) return upstream.session;
      upstream?.session.close();
      const made = { port: target, session: connectTo(target) };
      upstream = made;
      made.session.on("error", () => {});
      made.session.once("close", () => {
        if (upstream === made) session.close();
      });
      session.once("close", () => made.session.destroy());
      return made.session;
    };
    session.on("stream", (stream, headers) => {
      const call = new Call(stream, headers, {
        decide: (method, request) => script.decide(method, request, headers),
        connect: upstreamSession,
        cutConnection,
      });
      open.add(call);
      stream.once("close", () => open.delete(call));
    });
  });
  inside.listen({ host: HOST, port: 0 });
  await once(inside, "listening");
  const front = await startFront((inside.address() as AddressInfo).port, options.latency ?? 0);

  return {
    port: front.port,
    connectionString: `esdb://${HOST}:${front.port}?tls=false`,
    calls: script.calls,
    script: (rule) => script.add(rule),
    endOpenCalls(method, status) {
      const matching = [...open].filter((call) => methodMatches(method, call.method));
      for (const call of matching) call.end(status);
      return matching.length;
    },
    cutConnections: () => front.cut(),
    suspended: () => front.suspended(),
    goAway: () => front.close(),
    comeBack: () => front.reopen(),
    retarget(port) {
      target = port;
    },
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      // Its connections have ended with those in front.
      const closed = once(inside, "close");
      inside.close();
      await closed;
    },
  };
}

function connectTo(port: number): ClientHttp2Session {
  return connect(`http://${HOST}:${port}`, { maxSessionMemory: SESSION_MEMORY, settings: { enablePush: false } });
}
