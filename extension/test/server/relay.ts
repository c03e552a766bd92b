import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A network between a client and its server, that can break. */
export interface Relay {
  readonly port: number;
  /** What has come from the server so far. */
  readonly received: number;
  /** How many connections stand. */
  readonly open: number;
  /** Breaks every connection once so many more bytes have come from the server, and takes no other until {@link resume}. */
  hangUpAfter(bytes: number): void;
  resume(): void;
}

/** @param t ends it with the test */
export async function relayTo(t: { after(end: () => void): void }, port: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let received = 0;
  let limit = Number.POSITIVE_INFINITY;
  const hangUp = (): void => sockets.forEach((socket) => socket.destroy());
  const server = createServer((client) => {
    if (received >= limit) return void client.destroy();
    const upstream = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    upstream.on("data", ({ length }) => {
      received += length;
      if (received >= limit) hangUp();
    });
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    hangUp();
  });
  return {
    port: (server.address() as AddressInfo).port,
    get received() {
      return received;
    },
    get open() {
      return sockets.size / 2;
    },
    hangUpAfter(bytes) {
      limit = received + bytes;
      if (bytes === 0) hangUp();
    },
    resume() {
      limit = Number.POSITIVE_INFINITY;
    },
  };
}
