// @node-ts/bus-core over Sluice: the application of `nodets.mjs`, with its transport exchanged. SLUICE_DIR names the checkout (installed).
// variant: embedded (its own server, durable, transactional) | direct
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { launch, portOpen, sleep } from "../lib.mjs";

const root = path.resolve(process.env.SLUICE_DIR ?? "");
const require = createRequire(`${root}/test/package.json`);
require("reflect-metadata");
const { Bus, handlerFor } = require("@node-ts/bus-core");
const { Command } = require("@node-ts/bus-messages");
const { nodeTsBusTransport } = await import(pathToFileURL(`${root}/transport/src/adapters/node-ts-bus/index.ts`).href);
const { eventStoreTransport, openParked } = await import(pathToFileURL(`${root}/transport/src/index.ts`).href);

const PORT = 2134;

export async function create({ variant, dir, concurrency }) {
  const sends = variant === "direct" ? "direct" : "transactional";
  const connectionString = `esdb://127.0.0.1:${PORT}?tls=false`;
  const types = new Map();
  const buses = new Map();
  const handlers = new Map();
  let server;
  let sender;
  const type = (name) => {
    if (!types.has(name)) {
      types.set(
        name,
        class extends Command {
          constructor(body) {
            super();
            this.$name = name;
            this.$version = 1;
            this.body = body;
          }
        },
      );
    }
    return types.get(name);
  };
  // A command's type is its queue here, as in the application on RabbitMQ; events go to all who handle them.
  const queues = new Set();
  const transport = (queueName) =>
    nodeTsBusTransport({
      queueName,
      transport: eventStoreTransport({ connectionString, sends }),
      addressOf: ({ $name }) => (queues.has($name) ? $name : undefined),
    });
  const options = (msg) => ({ correlationId: msg.correlationId, attributes: { id: msg.id, type: msg.type } });
  const receiver = async (queueName, messageName) => {
    const handle = async (m, { attributes, correlationId }) => {
      const out = await handlers.get(queueName)({ id: attributes.id, correlationId, type: attributes.type, body: m.body });
      for (const o of out ?? []) await buses.get(queueName).send(new (type(o.queue))(o.msg.body), options(o.msg));
    };
    const bus = Bus.configure()
      .withTransport(transport(queueName))
      .withConcurrency(concurrency)
      .withHandler(handlerFor(type(messageName), handle))
      .build();
    buses.set(queueName, bus);
    await bus.initialize();
  };
  const a = {
    info: {
      server: "Sluice embedded",
      client: "@sluice/transport/node-ts-bus",
      durability: "disk; an append is confirmed after the flush to disk",
      sendConfirmed: true,
      twoSends: sends === "direct" ? "2 appends, both confirmed, then ack" : "one atomic append of both, then ack",
    },
    async start() {
      const args = ["--conditions=sluice-source", `${root}/embedded/src/cli/main.ts`, "--port", `${PORT}`, "--data", `${dir}/db`];
      server = launch(`${root}/node_modules/.bin/node`, args, { log: `${dir}/server.log`, cwd: root });
      a.serverPid = server.pid;
      await portOpen(PORT, 20000, server);
      sender = Bus.configure().withTransport(transport("sender")).asSendOnly().build();
      await sender.initialize();
    },
    async queue(q) {
      queues.add(q);
      await receiver(q, q);
    },
    async topic(t, subscribers) {
      for (const name of subscribers) await receiver(name, t);
    },
    send: (q, msg) => sender.send(new (type(q))(msg.body), options(msg)),
    publish: (t, msg) => sender.publish(new (type(t))(msg.body), options(msg)),
    async consume(q, handler) {
      handlers.set(q, handler);
      await buses.get(q).start();
      return { stop: () => buses.get(q).stop() };
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
      for (const bus of [...buses.values(), sender]) await bus?.dispose().catch(() => {});
      await server?.stop();
    },
  };
  return a;
}
