// @node-ts/bus-core over Sluice: the application of `nodets.mjs`, with its transport exchanged. SLUICE_DIR names the checkout (installed).
// variant: embedded (its own server, durable, transactional) | direct
import { fromTransport, infoOf, packageOf, startServer } from "./sluice-embedded.mjs";

packageOf("reflect-metadata");
const { Bus, handlerFor } = packageOf("@node-ts/bus-core");
const { Command } = packageOf("@node-ts/bus-messages");
const { nodeTsBusTransport } = await fromTransport("adapters/node-ts-bus/index.ts");
const { eventStoreTransport } = await fromTransport("index.ts");

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
      const out = await handlers.get(queueName)({
        id: attributes.id,
        correlationId,
        type: attributes.type,
        body: m.body,
      });
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
    info: infoOf("@sluice/transport/node-ts-bus", sends),
    async start() {
      server = await startServer(dir, PORT);
      a.serverPid = server.pid;
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
    waiting: (q, n) => server.waiting(q, n),
    left: (q) => server.left(q),
    async stop() {
      for (const bus of [...buses.values(), sender]) await bus?.dispose().catch(() => {});
      await server?.stop();
    },
  };
  return a;
}
