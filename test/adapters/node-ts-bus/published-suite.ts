import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import type { MessageAttributes, Message } from "@node-ts/bus-messages";
import { startEmbedded } from "@sluice/embedded";
import { event, eventStoreTransport, openParked, type SendMode, startSender } from "@sluice/transport";
import { nodeTsBusTransport } from "@sluice/transport/node-ts-bus";
import { BusConfiguration, BusInstance, type Transport } from "@node-ts/bus-core";
import { expect } from "expect";
import { compileTypeScriptOf } from "./typescript-in-packages.ts";
import { until } from "../../until.ts";

/** What `@node-ts/bus-test` gives; its own types are those of an older TypeScript. */
interface PublishedSuite {
  transportTests(
    transport: Transport,
    publishSystemMessage: (value: string) => Promise<void>,
    systemMessageTopicIdentifier: string | undefined,
    readAllFromDeadLetterQueue: () => Promise<{ message: Message; attributes: MessageAttributes }[]>,
  ): void;
  readonly TestSystemMessage: { readonly NAME: string };
}

const require = createRequire(import.meta.url);

/** Runs the suite that is published for transports of the bus, as it is published, against a server of its own. */
export async function runPublishedSuite(sends: SendMode): Promise<void> {
  const queueName = "bus_test";
  const server = await startEmbedded({ memory: true, port: 0 });
  const { connectionString } = server;
  const sender = await startSender("system", { connectionString });
  const parked = openParked(queueName, { connectionString });
  after(async () => {
    await parked.close();
    await sender.stop();
    await server.stop();
  });
  Object.assign(globalThis, { describe, it, beforeAll: before, afterAll: after, expect });
  giveNamesOfOldBus();
  compileTypeScriptOf("@node-ts/bus-test");
  // oxlint-disable-next-line import/no-unassigned-import -- what it adds to `Reflect` is asked by the suite's decorators
  require("reflect-metadata");
  const { transportTests, TestSystemMessage } = require("@node-ts/bus-test") as PublishedSuite;
  const systemMessage = event(TestSystemMessage.NAME)<Record<string, never>>();

  transportTests(
    nodeTsBusTransport({ queueName, transport: eventStoreTransport({ connectionString, sends }) }),
    async (value) => {
      // The suite listens for the message only after this has ended.
      setImmediate(() => void sender.publish(systemMessage, {}, { headers: { systemMessage: value } }));
    },
    TestSystemMessage.NAME,
    async () => {
      const messages = await until(async () => {
        const page = await parked.list();
        return page.messages.length === 0 ? undefined : page.messages;
      });
      await parked.archive("all", { by: "the suite" });
      return messages.map(({ message }) => ({
        message: JSON.parse(Buffer.from(message?.body ?? []).toString()) as Message,
        attributes: { correlationId: message!.correlationId, attributes: {}, stickyAttributes: {} },
      }));
    },
  );
}

/**
 * The suite was written for `@node-ts/bus-core` 1.0.15, and its package asks for that or newer; in 1.3.3 two of the methods that it
 * calls have other names.
 */
function giveNamesOfOldBus(): void {
  Object.assign(BusConfiguration.prototype, {
    async initialize(this: BusConfiguration): Promise<BusInstance> {
      const bus = this.build();
      await bus.initialize();
      return bus;
    },
  });
  Object.assign(BusInstance.prototype, {
    fail(this: BusInstance): Promise<void> {
      return this.failMessage();
    },
  });
}
