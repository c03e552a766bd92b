import { createServer, type AddressInfo, type Server as NetServer, type Socket } from "node:net";
import { createServer as createTlsServer, Server as TlsServer } from "node:tls";
import { Server, ServerCredentials, type ServerInterceptor } from "@grpc/grpc-js";
import type { Certificate } from "../security/certificate.ts";
import type { CallMeter } from "./call-meter.ts";
import type { OnDisconnect } from "./disconnect-reason.ts";
import { endEndlessCalls } from "./endless-calls.ts";
import { shuttingDown } from "./errors.ts";
import { batchWrites } from "./batched-writes.ts";
import { guardCalls, type OnOther } from "./guarded-calls.ts";
import { allowCancellations } from "./cancellations.ts";
import { http2ServersOf } from "./http2-servers.ts";
import { HostUnusableError, PortInUseError, PortNotAllowedError } from "./listen-errors.ts";
import { OpenCalls } from "./open-calls.ts";
import { peerOf, SilentConnections } from "./silent-connections.ts";
import { PartialMessages } from "./partial-messages.ts";

/** What the server takes from its clients, so that none costs it more than an error to that client. */
export interface Limits {
  /** Connections at once; more are closed at once. */
  readonly connections: number;
  /** Calls at once on one connection; more wait in the client. */
  readonly callsPerConnection: number;
  /** Bytes of messages that have begun and not ended, over all connections. */
  readonly partialMessageBytes: number;
  /** Milliseconds in which a connection has to become one of HTTP/2. */
  readonly patience: number;
}

const LIMITS: Limits = {
  connections: 1000,
  callsPerConnection: 5000,
  partialMessageBytes: 256 * 1024 * 1024,
  patience: 10_000,
};

/** A client that answers no ping is gone: what it left open is let go. The times of EventStoreDB. */
const PING_AFTER_MS = 10_000;
const PING_PATIENCE_MS = 10_000;

/** Somewhat above what a client may append in one message; the client itself takes 17 MiB (spec 1.3). */
const MAX_MESSAGE = 17 * 1024 * 1024;
/** How requests of HTTP/1.1 begin. */
const HTTP1_BEGINS = ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH "] as const;
/** What calls have to end in order once the server stops. */
const GRACE_MS = 1500;

/** Answers what comes without being gRPC. */
export interface OtherRequests {
  /** Takes over a connection that speaks HTTP/1.1, deciphered where it comes over TLS. */
  readonly connection: (socket: Socket) => void;
  /** Takes over a request that has come over HTTP/2. */
  readonly stream: OnOther;
}

export interface GrpcServerOptions {
  /** The address to listen on; `127.0.0.1` lets nobody else in. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** TLS, and what every call has to pass first. Default: plain HTTP/2, and every call is answered. */
  readonly security?: { readonly certificate: Certificate; readonly interceptor: ServerInterceptor } | undefined;
  /** Told of clients whose connection is closed for what they do. */
  readonly onDisconnect?: OnDisconnect;
  /** Counts connections and calls. */
  readonly meter?: CallMeter | undefined;
  /** Answers what is not gRPC. Default: nobody does. */
  readonly others?: OtherRequests;
  /** Those that are left out are as usual. */
  readonly limits?: Partial<Limits>;
  /** Adds the services. Calls that last must be added to `openCalls`, so that they end when the server does. */
  readonly register: (server: Server, openCalls: OpenCalls) => void;
}

export interface GrpcServer {
  readonly host: string;
  /** The port it listens on. */
  readonly port: number;
  /** Shows another certificate to those who connect from now on. */
  show(certificate: Certificate): void;
  /**
   * Takes no more connections, ends the calls that last, lets the others come to their end for a moment, and
   * closes every connection.
   */
  stop(): Promise<void>;
}

/**
 * Listens for gRPC over HTTP/2.
 * @throws PortInUseError, PortNotAllowedError, HostUnusableError
 */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const openCalls = new OpenCalls();
  const limits = { ...LIMITS, ...options.limits };
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE,
    "grpc.max_send_message_length": -1,
    "grpc.max_concurrent_streams": limits.callsPerConnection,
    "grpc.keepalive_time_ms": PING_AFTER_MS,
    "grpc.keepalive_timeout_ms": PING_PATIENCE_MS,
    // Its bookkeeping costs something for each message, and nobody reads it.
    "grpc.enable_channelz": 0,
    interceptors: options.security === undefined ? [] : [options.security.interceptor],
  });
  options.register(server, openCalls);
  // The port is our own rather than grpc-js's: it then fails with a code, and says nothing on stderr by itself.
  // TLS, too, so that whoever speaks HTTP/1.1 can be told from the others behind it: grpc-js takes what is deciphered.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const inside = http2ServersOf(server);
  const partial = new PartialMessages(limits.partialMessageBytes, options.onDisconnect);
  const silent = inside.length > 0 ? new SilentConnections(limits.patience, options.onDisconnect) : undefined;
  const { others } = options;
  for (const http2 of inside) {
    allowCancellations(http2);
    options.meter?.watch(http2);
    guardCalls(http2, others?.stream);
    partial.watch(http2);
    silent?.watch(http2);
    endEndlessCalls(http2);
    batchWrites(http2);
  }
  const sockets = new Set<Socket>();
  const listener = listenerFor(options.security?.certificate, (socket) => {
    if (others === undefined) injector.injectConnection(socket);
    else sortOut(socket, others.connection, () => injector.injectConnection(socket));
  });
  listener.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    silent?.connected(socket);
  });
  listener.maxConnections = limits.connections;
  listener.on("drop", (peer) => options.onDisconnect?.(peerOf(peer ?? {}), "too-many-connections"));
  const port = await listen(listener, options.host, options.port);
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      listener.close(() => resolve());
    });
    openCalls.stop(shuttingDown());
    const ended = new Promise<void>((resolve) => {
      server.tryShutdown(() => resolve());
    });
    // The connections close when their last calls have ended; cut off earlier, the clients would not learn how.
    await withinGrace(Promise.all([ended, closed]));
    server.forceShutdown();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  return {
    host: options.host,
    port,
    show(certificate) {
      if (listener instanceof TlsServer) listener.setSecureContext(contextOf(certificate));
    },
    stop: () => (stopped ??= stop()),
  };
}

/** Looks at how a connection begins: with the method of a request, or otherwise. What was read is put back. */
function sortOut(socket: Socket, onHttp1: (socket: Socket) => void, otherwise: () => void, before = ""): void {
  socket.once("readable", () => {
    const read = socket.read() as Buffer | null;
    const begin = before + (read?.toString("latin1") ?? "");
    // A request may come in pieces, however small.
    const isUndecided = HTTP1_BEGINS.some((one) => one.length > begin.length && one.startsWith(begin));
    if (read !== null && isUndecided) return sortOut(socket, onHttp1, otherwise, begin);
    if (begin !== "") socket.unshift(begin, "latin1");
    if (HTTP1_BEGINS.some((one) => begin.startsWith(one))) onHttp1(socket);
    else otherwise();
  });
}

/** Takes connections and hands them on, deciphered where there is a certificate. */
function listenerFor(certificate: Certificate | undefined, onConnection: (socket: Socket) => void): NetServer {
  if (certificate === undefined) return createServer({ noDelay: true }, onConnection).on("connection", survive);
  return createTlsServer({ noDelay: true, ...contextOf(certificate), ALPNProtocols: ["h2", "http/1.1"] }, onConnection)
    .on("connection", survive)
    .on("secureConnection", survive);
}

const contextOf = ({ chain, key }: Certificate) => ({ cert: chain, key });

/** A client that goes away in the middle of a frame is nothing to fall over. */
function survive(socket: Socket): void {
  socket.on("error", () => socket.destroy());
}

/** Waits for `done`, though not for ever. */
async function withinGrace(done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GRACE_MS);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}

function listen(listener: NetServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    listener.listen({ host, port }, () => resolve((listener.address() as AddressInfo).port));
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE") return new PortInUseError(host, port, { cause: error });
  if (error.code === "EACCES") return new PortNotAllowedError(host, port, { cause: error });
  return new HostUnusableError(host, port, { cause: error });
}
