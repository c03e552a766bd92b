import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
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
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const PATHS = ["/health/live", "/ping", "/info", "/gossip"] as const;
const PATIENCE_MS = 5000;

/**
 * Answers on the server's own port what waits for a real server, or looks at one, asks there over HTTP/1.1. There is no HTTP
 * API for streams; whoever asks for more is told.
 */
export function nodeAnswers(facts: () => NodeFacts): (socket: Socket) => void {
  const instanceId = randomUUID();
  const server = createServer(
    { requestTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS, keepAlive: false, maxHeaderSize: 8192 },
    (request, response) => {
      request.resume();
      send(request, response, answerTo(request, facts(), instanceId));
    },
  );
  return (socket) => void server.emit("connection", socket);
}

function answerTo({ method, url = "", headers }: IncomingMessage, facts: NodeFacts, instanceId: string): Answer {
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
      return { status: 200, body: gossipOf({ ...facts, ...addressOf(headers.host ?? "") }, instanceId) };
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

const infoOf = ({ version }: NodeFacts) => ({
  esVersion: version,
  state: "leader",
  features: { projections: true, userManagement: true, atomPub: false },
  authentication: { type: "insecure", properties: {} },
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

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  const text = body === undefined ? undefined : `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    ...headers,
    connection: "close",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(text !== undefined && {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(text),
    }),
  });
  response.end(request.method === "HEAD" ? undefined : text);
}
