import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import {
  command,
  component,
  deploy,
  type Endpoint,
  startSender,
  ServerUnreachable,
  startEndpoint,
  view,
} from "@sluice/transport";
import { startEmbedded } from "@sluice/embedded";
import { until } from "../until.ts";
import { bench } from "./bench.ts";
import { Do, done, startWork } from "./work.ts";

/** Takes every connection and says nothing. */
async function silentServer() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).resume();
  }).listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  return {
    connectionString: `esdb://127.0.0.1:${(server.address() as AddressInfo).port}?tls=false`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const nothing = view(
  "nothing",
  () => 0,
  () => {},
);
const withView = component("idle", (c) => void c.view(nothing));
/** What is longer than each deadline by far, so that only a call without one is ended by it. */
const LIMIT = { timeout: 45_000 };

test("silent – 68. a server that never answers: each start ends with ServerUnreachable", LIMIT, async () => {
  await using server = await silentServer();
  const { connectionString } = server;
  const cluster = connectionString.replace("?", ",127.0.0.1:1?");
  await Promise.all(
    [connectionString, cluster].flatMap((connectionString) =>
      [
        startEndpoint([component("idle")], { connectionString }),
        startEndpoint([withView], { connectionString, deploy: false }),
        deploy([component("idle")], { connectionString }),
        startSender("shop", { connectionString }),
      ].map((start) => assert.rejects(start, ServerUnreachable)),
    ),
  );
});

test("silent – 68. a server that falls silent: sends fail, starts fail, and stop and close end", LIMIT, async () => {
  await using b = await bench();
  const { connectionString } = b.proxy;
  let endpoint: Endpoint | undefined;
  {
    endpoint = await startWork(connectionString);
    const sender = await startSender("shop", { connectionString });
    await sender.send(Do, { n: 1 });
    await endpoint.view(done).until((times) => times.has(1));
    using _silent = b.proxy.suspended();
    const sending = assert.rejects(sender.send(Do, { n: 2 }), ServerUnreachable);
    await Promise.all([
      sending,
      sender.stop(),
      endpoint.stop(),
      assert.rejects(startEndpoint([component("idle")], { connectionString }), ServerUnreachable),
      assert.rejects(deploy([component("idle")], { connectionString }), ServerUnreachable),
      assert.rejects(startSender("shop", { connectionString }), ServerUnreachable),
    ]);
    await assert.rejects(sender.send(Do, { n: 3 }), ServerUnreachable, "closed");
  }
});

test("silent – 68. a handler that cannot store what it sends does not hold up a stop", LIMIT, async () => {
  await using b = await bench();
  const { connectionString } = b.proxy;
  const Slow = command("slow.Do", { to: "slow" })<{ n: number }>();
  const Other = command("other.Do", { to: "other" })<{ n: number }>();
  const silent = Promise.withResolvers<void>();
  let begun = false;
  const slow = component("slow", (c) =>
    c.handle(Slow, async (m, ctx) => {
      begun = true;
      await silent.promise;
      await ctx.send(Other, m);
    }),
  );
  const endpoint = await startEndpoint([slow], { connectionString });
  const sender = await startSender("shop", { connectionString: b.server.connectionString });
  await sender.send(Slow, { n: 1 });
  await until(async () => begun || undefined);
  const frozen = b.proxy.suspended();
  silent.resolve();
  await endpoint.stop({ deadline: 500 });
  frozen[Symbol.dispose]();
  await sender.stop();
});

/** Passes bytes on; what is connected while it is deaf is taken, and never answered. */
async function deafFront(innerPort: number) {
  const sockets = new Set<Socket>();
  const front = { isDeaf: false, taken: 0 };
  const server = createServer((outer) => {
    sockets.add(outer);
    outer.on("error", () => {});
    if (front.isDeaf) {
      front.taken += 1;
      outer.resume();
      return;
    }
    const inner = connect({ host: "127.0.0.1", port: innerPort });
    sockets.add(inner);
    inner.on("error", () => {});
    outer.pipe(inner).pipe(outer);
  }).listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  return {
    connectionString: `esdb://127.0.0.1:${(server.address() as AddressInfo).port}?tls=false`,
    /** Cuts what stands, and lets nothing new through until it has taken a connection. */
    async goDeaf() {
      front.isDeaf = true;
      for (const socket of sockets) socket.destroy();
      await until(async () => front.taken > 0 || undefined);
      front.isDeaf = false;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

test("silent – 68. a connection that is taken and never answered is left for another", LIMIT, async () => {
  const server = await startEmbedded({ memory: true, port: 0 });
  await using _server = { [Symbol.asyncDispose]: () => server.stop() };
  await using front = await deafFront(Number(new URL(server.connectionString).port));
  const { connectionString } = front;
  const endpoint = await startWork(connectionString);
  const senders = await Promise.all(Array.from({ length: 5 }, (_, n) => startSender(`shop${n}`, { connectionString })));
  await Promise.all(senders.map((sender, n) => sender.send(Do, { n })));
  await front.goDeaf();
  const stored = senders.map(async (sender, n) => {
    const id = crypto.randomUUID();
    await until(() =>
      sender.send(Do, { n: n + 5 }, { id }).then(
        () => true,
        () => undefined,
      ),
    );
  });
  await Promise.all(stored);
  await endpoint.view(done).until((times) => times.size === 10);
  await Promise.all([endpoint, ...senders].map((one) => one.stop()));
});
