import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type Http2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { addAbortSignal } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, Status } from "./fault.ts";
import { framed, framedMessages, unframed } from "./messages.ts";

/** Each message on it is an append of its own, for which the client keeps one call open. */
const BATCH_APPEND = "/event_store.client.streams.Streams/BatchAppend";
const { HTTP2_HEADER_STATUS, NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM } = constants;
const RESPONSE_HEADERS = { [HTTP2_HEADER_STATUS]: 200, "content-type": "application/grpc+proto" };

/** What a call knows of the proxy around it. */
export interface CallContext {
  readonly decide: (method: string, request: Buffer) => Fault | undefined;
  /** The connection to the server. */
  readonly connect: () => ClientHttp2Session;
  /** Ends the client's connection without a word. */
  readonly cutConnection: () => void;
}

/** One call on its way from a client to the server and back, with what goes wrong on it. */
export class Call {
  readonly method: string;
  readonly #client: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #context: CallContext;
  #server: ClientHttp2Stream | undefined;
  #closingTrailers: OutgoingHttpHeaders = {};
  /** Nothing passes in either direction before. */
  #gate: Promise<void> | undefined;
  /** What the client is told in place of the server's answer. */
  #replacement: Status | undefined;
  #drop: { left: number; readonly what: "call" | "connection" } | undefined;
  /** The client has got its end, or is gone. */
  #isOver = false;

  constructor(client: ServerHttp2Stream, headers: IncomingHttpHeaders, context: CallContext) {
    this.method = headers[":path"] ?? "";
    this.#client = client;
    this.#headers = headers;
    this.#context = context;
    client.on("error", ignored);
    client.on("wantTrailers", () => client.sendTrailers(this.#closingTrailers));
    client.once("close", () => {
      this.#isOver = true;
      cancel(this.#server);
    });
    // Whatever fails here has closed one of the two sides, which has told the other one.
    this.#forwardRequests().catch(ignored);
  }

  /** Ends it with that status, whatever the server is doing. */
  end(status: Status, body?: Uint8Array): void {
    if (this.#isOver) return;
    this.#isOver = true;
    cancel(this.#server);
    this.#client.resume();
    const trailers = trailersOf(status);
    if (this.#client.headersSent || body !== undefined) {
      if (!this.#client.headersSent) this.#client.respond(RESPONSE_HEADERS, { waitForTrailers: true });
      this.#closingTrailers = trailers;
      this.#client.end(body && framed(body));
    } else {
      this.#client.respond({ ...RESPONSE_HEADERS, ...trailers }, { endStream: true });
    }
  }

  async #forwardRequests(): Promise<void> {
    let isBegun = false;
    for await (const message of framedMessages(this.#client)) {
      const isDecided = isBegun && this.method !== BATCH_APPEND;
      isBegun = true;
      if (!isDecided && !this.#begin(unframed(message))) continue;
      await this.#gate;
      // What has not begun to be forwarded is swallowed.
      if (this.#server !== undefined) await write(this.#server, message);
      if (this.#replacement !== undefined && this.method === BATCH_APPEND) this.#server?.end();
    }
    // A client that went away has not ended its request: the server must not take what came for all of it.
    if (this.#client.closed || this.#isOver) return;
    if (!isBegun) this.#begin(Buffer.alloc(0));
    await this.#gate;
    this.#server?.end();
  }

  /** Lets what the script says come over the call; whether it is forwarded. */
  #begin(request: Buffer): boolean {
    if (this.#isOver) return false;
    const fault = this.#context.decide(this.method, request);
    switch (fault?.kind) {
      case "answer":
        this.end(fault, fault.body);
        return false;
      case "silence":
        return false;
      case "answer afterwards":
        this.#replacement = fault;
        break;
      case "drop":
        this.#drop = { left: fault.afterMessages ?? 0, what: fault.what ?? "call" };
        break;
      case "delay":
        this.#gate = sleep(fault.milliseconds, undefined, { ref: false });
        break;
      case "freeze until":
        this.#gate = fault.promise;
        break;
      case undefined:
    }
    if (this.#server === undefined) void this.#forward().catch(ignored);
    return true;
  }

  /** Begins the call on the server, and gives the client what that answers. */
  async #forward(): Promise<void> {
    const session = this.#context.connect();
    const server = session.request({ ...this.#headers }, { endStream: false });
    this.#server = server;
    server.on("error", ignored);
    const head = Promise.withResolvers<
      { readonly headers: OutgoingHttpHeaders; readonly isAll: boolean } | undefined
    >();
    const trailers = Promise.withResolvers<OutgoingHttpHeaders | undefined>();
    server.once("response", (headers, flags) =>
      head.resolve({ headers, isAll: (flags & NGHTTP2_FLAG_END_STREAM) !== 0 }),
    );
    server.once("trailers", (headers) => trailers.resolve(headers));
    server.once("close", () => {
      head.resolve(undefined);
      trailers.resolve(undefined);
    });
    const closed = (): void => this.#closedByServer(session, server);

    const response = await head.promise;
    await this.#gate;
    if (this.#isOver) return;
    if (response === undefined) return closed();
    if (response.isAll) {
      server.resume();
      if (!this.#endOtherwise()) {
        this.#isOver = true;
        this.#client.respond(response.headers, { endStream: true });
      }
      return;
    }
    if (this.#replacement === undefined) this.#client.respond(response.headers, { waitForTrailers: true });
    try {
      for await (const message of framedMessages(server)) {
        await this.#gate;
        if (this.#isOver) return;
        if (this.#replacement !== undefined) continue;
        if (this.#drop !== undefined && this.#drop.left-- <= 0) return this.#cut(this.#drop.what);
        await write(this.#client, message);
      }
    } catch {
      // It closed before its end, and so brings no trailers.
    }
    const last = await trailers.promise;
    await this.#gate;
    if (this.#isOver || this.#endOtherwise()) return;
    if (last === undefined) return closed();
    this.#isOver = true;
    this.#closingTrailers = last;
    this.#client.end();
  }

  /** Where the server's own end is not for the client: whether it was so. */
  #endOtherwise(): boolean {
    if (this.#replacement !== undefined) this.end(this.#replacement);
    else if (this.#drop !== undefined) this.#cut(this.#drop.what);
    else return false;
    return true;
  }

  #cut(what: "call" | "connection"): void {
    this.#isOver = true;
    if (what === "connection") return this.#context.cutConnection();
    // What has been answered is to arrive before.
    if (this.#client.headersSent) this.#client.close(NGHTTP2_CANCEL);
    else cancel(this.#client);
  }

  #closedByServer(session: ClientHttp2Session, server: ClientHttp2Stream): void {
    if (session.destroyed) return this.#cut("connection");
    this.#isOver = true;
    this.#client.close(server.rstCode);
  }
}

function trailersOf({ code, message, trailers }: Status): OutgoingHttpHeaders {
  return {
    "grpc-status": String(code),
    // Percent-encoded wherever it is not plain ASCII, and the sign itself.
    "grpc-message": message.replace(/[^ -$&-~]+/gu, encodeURIComponent),
    ...trailers,
  };
}

/** Resets it at once. `close` would end it first, and a server takes an append that has ended for a whole one. */
function cancel(stream: Http2Stream | undefined): void {
  if (stream !== undefined && !stream.closed) addAbortSignal(AbortSignal.abort(), stream);
}

/** Writes, and waits while the other end does not take more. */
async function write(stream: Http2Stream, bytes: Buffer): Promise<void> {
  if (stream.closed || stream.destroyed || stream.writableEnded || stream.write(bytes)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.once("drain", resolve).once("close", resolve);
  await promise;
  stream.off("drain", resolve).off("close", resolve);
}

function ignored(): void {}
