import {
  constants,
  type Http2Server,
  type Http2SecureServer,
  type Http2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { OnDisconnect } from "./disconnect-reason.ts";
import { MessageMeter } from "./message-meter.ts";
import { peerOf } from "./silent-connections.ts";

/**
 * Bounds what messages that have begun and not ended keep in memory, over all connections: gRPC collects each until it
 * is whole, so that many calls, each of which says it will send a large one, could fill it. When there is too much,
 * the connection that holds most of it is closed.
 */
export class PartialMessages {
  readonly #limit: number;
  readonly #onDisconnect: OnDisconnect;
  readonly #held = new Map<Http2Session, number>();
  #total = 0;

  /** `limit` in bytes. */
  constructor(limit: number, onDisconnect: OnDisconnect = () => {}) {
    this.#limit = limit;
    this.#onDisconnect = onDisconnect;
  }

  /** Bytes held at the moment. */
  get total(): number {
    return this.#total;
  }

  /** To be called when the gRPC server already listens to `server`. */
  watch(server: Http2Server | Http2SecureServer): void {
    server.on("stream", (stream) => this.#watchStream(stream));
    server.on("session", (session) => {
      this.#held.set(session, 0);
      session.once("close", () => this.#forget(session));
    });
  }

  #watchStream(stream: ServerHttp2Stream): void {
    const { session } = stream;
    // Nobody reads a call that was refused; listening to it would make it flow.
    if (session === undefined || stream.listenerCount("data") === 0) return;
    const meter = new MessageMeter();
    let held = 0;
    const hold = (bytes: number): void => {
      const before = this.#held.get(session);
      if (before === undefined || bytes === held) return;
      this.#held.set(session, before + bytes - held);
      this.#total += bytes - held;
      held = bytes;
      if (this.#total > this.#limit) this.#closeLargest();
    };
    stream.on("data", (chunk: Buffer) => hold(meter.take(chunk)));
    stream.once("close", () => hold(0));
  }

  #closeLargest(): void {
    let largest: Http2Session | undefined;
    for (const [session, held] of this.#held) {
      if (largest === undefined || held > (this.#held.get(largest) ?? 0)) largest = session;
    }
    if (largest === undefined) return;
    this.#forget(largest);
    this.#onDisconnect(peerOf(largest.socket), "too-much-unfinished");
    largest.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  #forget(session: Http2Session): void {
    this.#total -= this.#held.get(session) ?? 0;
    this.#held.delete(session);
  }
}
