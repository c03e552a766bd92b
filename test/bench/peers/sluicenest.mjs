// NestJS microservices over Sluice: the application of `nest.mjs`, with its transport exchanged. SLUICE_DIR names the checkout (installed).
// variant: embedded (its own server, durable, transactional) | direct
import { fromTransport, infoOf, packageOf, startServer } from "./sluice-embedded.mjs";

packageOf("reflect-metadata");
const { Controller, Logger, Module } = packageOf("@nestjs/common");
const { NestFactory } = packageOf("@nestjs/core");
const { Ctx, EventPattern, Payload } = packageOf("@nestjs/microservices");
const { lastValueFrom } = packageOf("rxjs");
const { SluiceClient, SluiceRecord, SluiceServer } = await fromTransport("adapters/nestjs/index.ts");
const { deploy, component } = await fromTransport("index.ts");

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
    function App() {}
    Module({ controllers: [Events] })(App);
    const strategy = new SluiceServer({ connectionString, component: q, concurrency, sends });
    const app = await NestFactory.createMicroservice(App, { logger: false, strategy });
    await app.listen();
    return app;
  };
  const a = {
    info: infoOf("@sluice/transport/nestjs", sends),
    async start() {
      Logger.overrideLogger(false);
      server = await startServer(dir, PORT);
      a.serverPid = server.pid;
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
    waiting: (q, n) => server.waiting(q, n),
    left: (q) => server.left(q),
    async stop() {
      await Promise.all([...clients.values()].map((client) => client.close()));
      await server?.stop();
    },
  };
  return a;
}
