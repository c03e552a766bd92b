import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { addressOf } from "../security/hosts.ts";

export interface NodeFacts {
  /** Version that the server shows itself as, such as `23.10.6.0`. */
  readonly version: string;
  readonly isReady: boolean;
  /** Place right behind the last record. */
  readonly end: number;
  /** Where it is reached; a client that says how it reached it is told that. */
  readonly host: string;
  readonly port: number;
  /** Whether clients need a login. */
  readonly isClosed: boolean;
}

/** Answers requests that are not gRPC's. */
export interface NodeAnswers {
  /** Takes over a connection that speaks HTTP/1.1, deciphered where it comes over TLS. */
  connection(socket: Socket): void;
  /** Takes over a request that has come over HTTP/2. */
  stream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void;
}

interface Request {
  readonly method: string | undefined;
  readonly url: string | undefined;
  /** The address that the client used, as it says. */
  readonly host: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const PATHS = ["/health/live", "/ping", "/info", "/gossip"] as const;
const PATIENCE_MS = 5000;

/**
 * Answers on the server's own port what waits for a real server, or looks at one, asks there over HTTP/1.1, or over HTTP/2 if it
 * knows that. There is no HTTP API for streams; whoever asks for more is told.
 */
export function nodeAnswers(facts: () => NodeFacts): NodeAnswers {
  const instanceId = randomUUID();
  const answer = (request: Request) => written(answerTo(request, facts(), instanceId), request.method);
  const server = createServer(
    { requestTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS, keepAlive: false, maxHeaderSize: 8192 },
    (request, response) => {
      request.resume();
      const { status, headers, text } = answer({
        method: request.method,
        url: request.url,
        host: request.headers.host,
      });
      response.writeHead(status, { ...headers, connection: "close" }).end(text);
    },
  );
  return {
    connection: (socket) => void server.emit("connection", socket),
    stream(stream, request) {
      stream.resume();
      const { ":method": method, ":path": url, ":authority": host = request.host } = request;
      const { status, headers, text } = answer({ method, url, host });
      stream.respond({ ":status": status, ...headers });
      stream.end(text);
    },
  };
}

function answerTo({ method, url = "", host = "" }: Request, facts: NodeFacts, instanceId: string): Answer {
  const [path = "", query = ""] = url.split("?", 2);
  if (method !== "GET" && method !== "HEAD" && PATHS.some((one) => one === path)) return onlyToGet(path);
  switch (path) {
    case "/health/live":
      return { status: facts.isReady ? liveCodeIn(query) : 503 };
    case "/ping":
      return { status: 200, body: { text: "Ping request successfully handled" } };
    case "/info":
      return { status: 200, body: infoOf(facts) };
    case "/gossip":
      return { status: 200, body: gossipOf({ ...facts, ...addressOf(host) }, instanceId) };
    default:
      return nothingAt(path);
  }
}

/** What a living server answers: some load balancers want another success, and say which (`?liveCode=200`). */
function liveCodeIn(query: string): number {
  const code = new URLSearchParams(query).get("liveCode") ?? "";
  return /^[2-5]\d\d$/.test(code) ? Number(code) : 204;
}

const onlyToGet = (path: string): Answer => ({
  status: 405,
  headers: { allow: "GET, HEAD" },
  body: { error: `There is nothing to do at ${path} but to GET it.` },
});

const nothingAt = (path: string): Answer => ({
  status: 404,
  body: {
    error: `This server answers nothing at ${path}: it has no HTTP API. Use a client that speaks gRPC.`,
    paths: PATHS,
  },
});

const infoOf = ({ version, isClosed }: NodeFacts) => ({
  esVersion: version,
  state: "leader",
  features: { projections: true, userManagement: true, atomPub: false },
  authentication: { type: isClosed ? "internal" : "insecure", properties: {} },
});

function gossipOf({ version, end, host, port }: NodeFacts, instanceId: string) {
  const member = {
    instanceId,
    timeStamp: new Date().toISOString(),
    state: "Leader",
    isAlive: true,
    httpEndPointIp: host,
    httpEndPointPort: port,
    lastCommitPosition: end,
    writerCheckpoint: end,
    chaserCheckpoint: end,
    epochPosition: 0,
    epochNumber: 0,
    nodePriority: 0,
    isReadOnlyReplica: false,
    esVersion: version,
  };
  return { members: [member], serverIp: host, serverPort: port };
}

/** An answer as it goes to whoever asked by this method. */
function written({ status, headers, body }: Answer, method: string | undefined) {
  const text = body === undefined ? undefined : `${JSON.stringify(body)}\n`;
  return {
    status,
    headers: {
      ...headers,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...(text !== undefined && {
        "content-type": "application/json; charset=utf-8",
        "content-length": Buffer.byteLength(text),
      }),
    },
    text: method === "HEAD" ? undefined : text,
  };
}
