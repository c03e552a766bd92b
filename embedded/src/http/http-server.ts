import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopback } from "../security/hosts.ts";
import { HttpPortUnusableError } from "./http-port-error.ts";
import { metricsOf } from "./metrics.ts";
import { PROMETHEUS_TYPE, prometheusText } from "./prometheus.ts";
import type { Statistics } from "./statistics.ts";

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Undefined while there are none yet, or no more. */
  readonly statistics: () => Statistics | undefined;
}

export interface HttpServer {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const PATHS = ["/health/live", "/health/ready", "/stats", "/metrics"] as const;
/** A few tools at once are all that has reason to ask. */
const MAX_CONNECTIONS = 64;
const PATIENCE_MS = 5000;

/**
 * Tells over HTTP how the server is: whether it lives and is ready, its figures as JSON, and as metrics for Prometheus.
 * It only tells, and asks for no password; so it listens where only this machine can ask, unless told otherwise.
 * @throws HttpPortUnusableError
 */
export async function startHttpServer({ host, port, statistics }: HttpServerOptions): Promise<HttpServer> {
  const isPrivate = isLoopback(host);
  const server = createServer(
    { requestTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS, keepAliveTimeout: PATIENCE_MS, maxHeaderSize: 8192 },
    (request, response) => {
      request.resume();
      send(request, response, isPrivate && !asksThisMachine(request) ? foreign() : answer(request, statistics));
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (error) => reject(new HttpPortUnusableError(host, port, error)));
  server.listen({ host, port }, resolve);
  await promise;
  return {
    host,
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(request: IncomingMessage, read: () => Statistics | undefined): Answer {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return json(405, { error: `There is nothing to ${request.method} here, only to GET.` });
  }
  const path = (request.url ?? "").split("?", 1)[0];
  if (path === "/health/live") return json(200, { status: "live" });
  const statistics = path === "/" ? undefined : read();
  switch (path) {
    case "/health/ready":
      return readiness(statistics);
    case "/stats":
      return statistics === undefined ? starting() : json(200, statistics);
    case "/metrics":
      if (statistics === undefined) return starting();
      return { status: 200, type: PROMETHEUS_TYPE, body: prometheusText(metricsOf(statistics)) };
    default:
      return json(404, { error: "There is nothing here.", paths: PATHS });
  }
}

function readiness(statistics: Statistics | undefined): Answer {
  if (statistics === undefined) return starting();
  if (!statistics.server.isReady) return json(503, { status: "the disk refuses writes" });
  return json(200, { status: "ready" });
}

const starting = (): Answer => json(503, { status: "starting or stopping" });

/** A page from elsewhere that has its name lead to this machine would otherwise read what its visitor's server tells. */
const foreign = (): Answer => json(403, { error: "Ask by the address of this machine, such as 127.0.0.1." });

function asksThisMachine({ headers: { host = "" } }: IncomingMessage): boolean {
  return isLoopback(host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1"));
}

function json(status: number, body: object): Answer {
  return { status, type: "application/json; charset=utf-8", body: `${JSON.stringify(body)}\n` };
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
