import { Bus, type BusInstance, handlerFor } from "@node-ts/bus-core";
import { Command, Event } from "@node-ts/bus-messages";
import { eventStoreTransport, type SendMode } from "@sluice/transport";
import type { AdapterBench } from "@sluice/transport/conformance";
import { nodeTsBusTransport, type NodeTsBusTransport } from "@sluice/transport/node-ts-bus";
import { SILENT } from "../node-ts-bus/bench.ts";
import { sluiceServer } from "./sluice-server.ts";

class Work extends Command {
  readonly $name = "suite/work";
  readonly $version = 1;
  text = "";
}

class Happened extends Event {
  readonly $name = "suite/happened";
  readonly $version = 1;
  text = "";
}

const RETRIES = { calculateRetryDelay: () => 1 };

/** A bus of `@node-ts/bus-core`, each of whose queues is an application. */
export async function nodeTsBusBench(sends: SendMode): Promise<AdapterBench & { close(): Promise<void> }> {
  const type = new Work().$name;
  const server = await sluiceServer(sends, { type, textOf: (body) => Object(body).text });
  const { connectionString } = server;
  let sender: Promise<{ bus: BusInstance; transport: NodeTsBusTransport }> | undefined;
  const sending = () =>
    (sender ??= (async () => {
      const transport = nodeTsBusTransport({
        queueName: "sender",
        transport: eventStoreTransport({ connectionString }),
      });
      const bus = Bus.configure()
        .withTransport(transport)
        .withLogger(() => SILENT)
        .asSendOnly()
        .build();
      await bus.initialize();
      return { bus, transport };
    })());
  return {
    ...server,
    async start({ name, concurrency, subscribes, handle }) {
      const transport = nodeTsBusTransport({ queueName: name, transport: server.transport(), maxRetries: 4 });
      const given = ({ text }: Work | Happened): Promise<void> =>
        handle(text, {
          send: (to, said) => transport.sendToAddress(Object.assign(new Work(), { text: said }), to),
        });
      const configuration = Bus.configure()
        .withTransport(transport)
        .withLogger(() => SILENT)
        .withRetryStrategy(RETRIES)
        .withConcurrency(concurrency)
        .withHandler(handlerFor(Work, given));
      if (subscribes) configuration.withHandler(handlerFor(Happened, given));
      const bus = configuration.build();
      bus.onError.on(transport.noteFailure);
      await bus.initialize();
      server.endsAtClose(() => bus.dispose());
      await bus.start();
      return { stop: () => bus.dispose() };
    },
    async send(to, text) {
      await (await sending()).transport.sendToAddress(Object.assign(new Work(), { text }), to);
    },
    async publish(text) {
      await (await sending()).bus.publish(Object.assign(new Happened(), { text }));
    },
    async close() {
      await (await sender)?.bus.dispose();
      await server.close();
    },
  };
}
