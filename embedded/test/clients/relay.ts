import { createServer, type AddressInfo, connect, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { atEnd } from "./official-client.ts";

export type FrameType = "data" | "headers" | "reset" | "ping" | "pong" | "goaway" | "other";

const PREFACE = 24;
const HEADER = 9;
const IS_ACK = 1;

/** Counts the HTTP/2 frames of one direction by their headers (RFC 9113, 4.1). */
class Frames {
  readonly counts = new Map<FrameType, number>();
  #skip: number;
  #head = Buffer.alloc(0);

  constructor(preface: number) {
    this.#skip = preface;
  }

  read(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, rest.length);
        this.#skip -= skipped;
        rest = rest.subarray(skipped);
        continue;
      }
      const missing = HEADER - this.#head.length;
      this.#head = Buffer.concat([this.#head, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (this.#head.length < HEADER) return;
      const type = typeOf(this.#head);
      this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
      this.#skip = this.#head.readUIntBE(0, 3);
      this.#head = Buffer.alloc(0);
    }
  }
}

function typeOf(head: Buffer): FrameType {
  const names: readonly FrameType[] = ["data", "headers", "other", "reset", "other", "other", "ping", "goaway"];
  const type = names[head[3] ?? 0] ?? "other";
  return type === "ping" && (head[4]! & IS_ACK) !== 0 ? "pong" : type;
}

/** Stands between clients and a server, sees the frames that pass, and can hold them back. */
export interface Relay {
  readonly port: number;
  /** What each connection began with, as far as a request line goes. */
  readonly beginnings: readonly string[];
  /** Frames of a type that clients or the server have sent. */
  count(from: "clients" | "server", type: FrameType): number;
  /** Lets nothing pass any more, as a network does that has lost the server without a word. */
  hold(): void;
  release(): void;
}

export async function relayTo(t: TestContext, port: number): Promise<Relay> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const seen: { readonly clients: Frames; readonly server: Frames }[] = [];
  const beginnings: string[] = [];
  let isHeld = false;
  const listener = createServer({ noDelay: true }, (client) => {
    const server = connect({ port, host: "127.0.0.1", noDelay: true });
    const pair = [client, server] as const;
    const frames = { clients: new Frames(PREFACE), server: new Frames(0) };
    pairs.add(pair);
    seen.push(frames);
    client.once("data", (chunk) => beginnings.push(chunk.subarray(0, 16).toString("latin1")));
    for (const [from, to, one] of [
      [client, server, frames.clients],
      [server, client, frames.server],
    ] as const) {
      from.on("data", (chunk: Buffer) => {
        one.read(chunk);
        to.write(chunk);
      });
      from.on("error", () => to.destroy());
      from.on("close", () => {
        to.destroy();
        pairs.delete(pair);
      });
      if (isHeld) from.pause();
    }
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  listener.listen({ host: "127.0.0.1", port: 0 }, resolve);
  await promise;
  atEnd(t, () => {
    listener.close();
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  });
  return {
    port: (listener.address() as AddressInfo).port,
    beginnings,
    count: (from, type) => seen.reduce((sum, frames) => sum + (frames[from].counts.get(type) ?? 0), 0),
    hold() {
      isHeld = true;
      for (const pair of pairs) for (const socket of pair) socket.pause();
    },
    release() {
      isHeld = false;
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
  };
}
