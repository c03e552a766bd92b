import type { Http2SecureServer, Http2Server } from "node:http2";
import type { Socket } from "node:net";
import type { OnDisconnect } from "./disconnect-reason.ts";

/**
 * Closes connections that do not become HTTP/2 connections in time: whoever connects and says nothing, or not enough,
 * would take the place of a client for ever.
 */
export class SilentConnections {
  readonly #patience: number;
  readonly #onDisconnect: OnDisconnect;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** `patience` in milliseconds. */
  constructor(patience: number, onDisconnect: OnDisconnect = () => {}) {
    this.#patience = patience;
    this.#onDisconnect = onDisconnect;
  }

  watch(server: Http2Server | Http2SecureServer): void {
    // A client's settings are the first that it says.
    server.on("session", (session) => {
      const peer = peerOf(session.socket);
      session.once("remoteSettings", () => this.#stopWaiting(peer));
    });
  }

  /** To be called for every connection that is made. */
  connected(socket: Socket): void {
    const peer = peerOf(socket);
    const timer = setTimeout(() => {
      this.#onDisconnect(peer, "silent");
      socket.destroy();
    }, this.#patience);
    timer.unref();
    this.#timers.set(peer, timer);
    socket.once("close", () => this.#stopWaiting(peer));
  }

  #stopWaiting(peer: string): void {
    clearTimeout(this.#timers.get(peer));
    this.#timers.delete(peer);
  }
}

/** Under TLS the session has another socket object than the one that was accepted, though with the same other end. */
export function peerOf(socket: {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
