// NestJS microservices over Sluice: the application of `nest.mjs`, with its transport exchanged. SLUICE_DIR names the checkout (installed).
// variant: embedded (its own server, durable, transactional) | direct
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { launch, portOpen, sleep } from "../lib.mjs";

const root = path.resolve(process.env.SLUICE_DIR ?? "");
const require = createRequire(`${root}/test/package.json`);
require("reflect-metadata");
const { Controller, Logger, Module } = require("@nestjs/common");
const { NestFactory } = require("@nestjs/core");
const { Ctx, EventPattern, Payload } = require("@nestjs/microservices");
const { lastValueFrom } = require("rxjs");
const { SluiceClient, SluiceRecord, SluiceServer } = await import(
  pathToFileURL(`${root}/transport/src/adapters/nestjs/index.ts`).href
);
const { deploy, component, openParked } = await import(pathToFileURL(`${root}/transport/src/index.ts`).href);

const PORT = 2133;

export async function create({ variant, dir, concurrency }) {
  const sends = variant === "direct" ? "direct" : "transactional";
  const subscribers = new Map();
  const clients = new Map();
  const connectionString = `esdb://127.0.0.1:${PORT}?tls=false`;
  let server;
  const clientOf = (name) => {
    if (!clients.has(name)) clients.set(name, new SluiceClient({ connectionString, name }));
    return clients.get(name);
  };
  const emit = (from, pattern, msg, destination) =>
    lastValueFrom(
      clientOf(from).emit(
        pattern,
        new SluiceRecord(msg.body, {
          headers: { bid: msg.id, ...(msg.correlationId === undefined ? {} : { cid: msg.correlationId }) },
          ...(destination === undefined ? {} : { destination }),
        }),
      ),
      { defaultValue: null },
    );
  const started = new Map();
  const listen = async (q, handler) => {
    const pattern = subscribers.get(q) ?? "OrderPlaced";
    class Events {
      async handle(body, ctx) {
        const { bid, cid } = ctx.getHeaders();
        const out = await handler({ id: bid, correlationId: cid, type: pattern, body });
        if (out) await Promise.all(out.map((o) => emit(q, "OrderPlaced", o.msg, o.queue)));
      }
    }
    EventPattern(pattern)(Events.prototype, "handle", Object.getOwnPropertyDescriptor(Events.prototype, "handle"));
    Payload()(Events.prototype, "handle", 0);
    Ctx()(Events.prototype, "handle", 1);
    Controller()(Events);
    class App {}
    Module({ controllers: [Events] })(App);
    const strategy = new SluiceServer({ connectionString, component: q, concurrency, sends });
    const app = await NestFactory.createMicroservice(App, { logger: false, strategy });
    await app.listen();
    return app;
  };
  const a = {
    info: {
      server: "Sluice embedded",
      client: "@sluice/transport/nestjs",
      durability: "disk; an append is confirmed after the flush to disk",
      sendConfirmed: true,
      twoSends: sends === "direct" ? "2 appends, both confirmed, then ack" : "one atomic append of both, then ack",
    },
    async start() {
      Logger.overrideLogger(false);
      const args = ["--conditions=sluice-source", `${root}/embedded/src/cli/main.ts`, "--port", `${PORT}`, "--data", `${dir}/db`];
      server = launch(`${root}/node_modules/.bin/node`, args, { log: `${dir}/server.log`, cwd: root });
      a.serverPid = server.pid;
      await portOpen(PORT, 20000, server);
      await clientOf("P").connect();
    },
    async queue(q) {
      await deploy([component(q, {}, () => {})], { connectionString });
    },
    async topic(t, names) {
      for (const name of names) {
        subscribers.set(name, t);
        const app = await listen(name, async () => {});
        await app.close();
      }
    },
    send: (q, msg) => emit("P", "OrderPlaced", msg, q),
    publish: (t, msg) => emit("P", t, msg),
    async consume(q, handler) {
      const app = await listen(q, handler);
      started.set(q, app);
      return { stop: () => app.close() };
    },
    async waiting(q, n) {
      const { EventStoreDBClient } = require("@eventstore/db-client");
      const client = EventStoreDBClient.connectionString(connectionString);
      for (;;) {
        try {
          const events = client.readStream(`$ce-in.${q}`, { direction: "backwards", fromRevision: "end", maxCount: 1 });
          for await (const { link, event } of events) {
            if (Number((link ?? event).revision) >= n - 1) return await client.dispose();
          }
        } catch {
          // It is not there yet.
        }
        await sleep(50);
      }
    },
    async left(q) {
      const parked = openParked(q, { connectionString });
      const { messages } = await parked.list();
      await parked.close();
      return messages.length;
    },
    async stop() {
      await Promise.all([...clients.values()].map((client) => client.close()));
      await server?.stop();
    },
  };
  return a;
}
