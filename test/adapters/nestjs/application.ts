import "reflect-metadata";
import { Controller, type ExceptionFilter, type INestMicroservice, Module, type Type } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { Ctx, EventPattern, MessagePattern, Payload } from "@nestjs/microservices";
import { type Embedded, startEmbedded } from "@sluice/embedded";
import {
  SluiceClient,
  type SluiceClientOptions,
  type SluiceContext,
  SluiceServer,
  type SluiceServerOptions,
} from "@sluice/transport/nestjs";

type Handle = (data: never, context: SluiceContext) => unknown;

/** A handler of a controller, and the decorator that declares it. */
export interface Declared {
  readonly decorator: MethodDecorator;
  readonly handle: Handle;
}

export const onMessage = (pattern: string | object, handle: Handle): Declared => ({
  decorator: MessagePattern(pattern),
  handle,
});
export const onEvent = (pattern: string | object, handle: Handle): Declared => ({
  decorator: EventPattern(pattern),
  handle,
});

/** A class as `@Controller()` and its kin make it: Node strips types, and knows no decorators. */
function controllerOf(handlers: readonly Declared[]): Type {
  class Handlers {}
  handlers.forEach(({ decorator, handle }, index) => {
    const name = `handler${index}`;
    const descriptor = { value: handle, configurable: true, writable: true };
    Object.defineProperty(Handlers.prototype, name, descriptor);
    decorator(Handlers.prototype, name, descriptor);
    Payload()(Handlers.prototype, name, 0);
    Ctx()(Handlers.prototype, name, 1);
  });
  Controller()(Handlers);
  return Handlers;
}

/** A server in memory, and the applications and clients of one test; all end with it. */
export interface Bench extends AsyncDisposable {
  readonly server: Embedded;
  start(
    handlers: readonly Declared[],
    options?: Partial<SluiceServerOptions>,
    filters?: ExceptionFilter[],
  ): Promise<Started>;
  client(options?: Partial<SluiceClientOptions>): SluiceClient;
}

export interface Started {
  readonly app: INestMicroservice;
  readonly strategy: SluiceServer;
}

/** Retries that a test need not wait for. */
export const NO_DELAY = { immediateRetries: 2, delayedRetries: 0, unknownTypeRetries: 0 };

/** Starts an application with one controller. */
export async function startApplication(
  handlers: readonly Declared[],
  options: SluiceServerOptions,
  filters: readonly ExceptionFilter[] = [],
): Promise<Started> {
  const strategy = new SluiceServer(options);
  class Application {}
  Module({ controllers: [controllerOf(handlers)] })(Application);
  const app = await NestFactory.createMicroservice(Application, { strategy, logger: false });
  app.useGlobalFilters(...filters);
  await app.listen();
  return { app, strategy };
}

export async function bench(): Promise<Bench> {
  const server = await startEmbedded({ memory: true, port: 0 });
  const { connectionString } = server;
  const closing: (() => Promise<unknown>)[] = [];
  return {
    server,
    async start(handlers, options = {}, filters = []) {
      const said = { connectionString, component: "orders", retries: NO_DELAY, ...options };
      const started = await startApplication(handlers, said, filters);
      closing.push(() => started.app.close());
      return started;
    },
    client(options = {}) {
      const client = new SluiceClient({ connectionString, name: "web", destination: "orders", ...options });
      closing.push(() => client.close());
      return client;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(closing.map((close) => close()));
      await server.stop();
    },
  };
}
