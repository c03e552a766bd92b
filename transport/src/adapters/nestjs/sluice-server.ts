import {
  type CustomTransportStrategy,
  type IncomingEvent,
  type IncomingRequest,
  type MessageHandler,
  Server,
} from "@nestjs/microservices";
import { concatMap, isObservable, lastValueFrom, materialize } from "rxjs";
import {
  deriveId,
  type EventStoreInfrastructure,
  eventStoreTransport,
  handlerScope,
  HEADER,
  type MessageContext,
  messageContextOf,
  problemOf,
  retries,
  type TransportEvent,
  UnknownMessageType,
} from "../../index.ts";
import type { ErrorContext, ErrorResult, ReceiveContext } from "../../seam/index.ts";
import { Answer, type Answering } from "./answer.ts";
import { saidIn } from "./body.ts";
import { Handlers } from "./handlers.ts";
import { Handling, handlings, running } from "./handling.ts";
import { NotAcknowledged } from "./not-acknowledged.ts";
import { isRequest } from "./packet-headers.ts";
import type { SluiceServerOptions } from "./server-options.ts";
import { Settlement } from "./settlement.ts";
import { SluiceContext } from "./sluice-context.ts";

/** Whether the component receives. */
export type ServerStatus = "connected" | "disconnected";

/** What `on` tells of, by its kind. */
export type SluiceServerEvents = {
  readonly [Kind in TransportEvent["kind"]]: (event: Extract<TransportEvent, { readonly kind: Kind }>) => void;
};

/** A value, the end or the failure of an observable. */
interface Notification {
  readonly kind: "N" | "E" | "C";
  readonly value?: unknown;
  readonly error?: unknown;
}

/** What Nest's own servers answer to a request that nobody handles. */
const NO_MESSAGE_HANDLER = "There is no matching message handler defined in the remote service.";
const STOP_WITHIN = 10_000;
const CONCURRENCY = 10;

/**
 * Lets a NestJS application be a component: its message handlers answer requests, its event handlers get what is published. A message
 * is settled once, when its handlers have ended and what they emitted is stored; a failing event is retried, then parked.
 *
 * ```ts
 * const app = await NestFactory.createMicroservice(AppModule, {
 *   strategy: new SluiceServer({ connectionString: "esdb://127.0.0.1:2113?tls=false", component: "orders" }),
 * });
 * ```
 */
export class SluiceServer extends Server<SluiceServerEvents, ServerStatus> implements CustomTransportStrategy {
  override readonly transportId = Symbol("sluice");
  /** A failing event handler is retried and told of, so Nest need not. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: SluiceServerOptions;
  readonly #handlers = new Handlers();
  readonly #listeners = new Map<string, ((event: TransportEvent) => void)[]>();
  readonly #decide: (failure: ErrorContext, isAsked: boolean) => ErrorResult;
  readonly #failedProjections = new Map<string, string>();
  #infrastructure: EventStoreInfrastructure | undefined;
  #starting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #isConnected = false;

  constructor(options: SluiceServerOptions) {
    super();
    this.#options = options;
    const byRetries = retries(options.retries);
    this.#decide = (failure, isAsked) => {
      const { error } = failure;
      const isRefused = error instanceof NotAcknowledged;
      const said = (isRefused ? error.result : undefined) ?? options.recover?.(failure);
      if (said !== undefined) return said;
      // What a handler throws is answered: it could not be read, or its answer not be sent.
      return isAsked && !isRefused ? { action: "park" } : byRetries(failure);
    };
    this.initializeSerializer(options as Parameters<typeof this.initializeSerializer>[0]);
    // All of a body is the data: an object may have a pattern, too.
    this.deserializer = options.deserializer ?? { deserialize: (data, said) => ({ pattern: said?.["channel"], data }) };
  }

  /** What keeps the component from its messages; none: it receives. */
  get problems(): readonly string[] {
    const projections = [...this.#failedProjections.values()];
    return this.#isConnected ? projections : ["It is not connected to its queue.", ...projections];
  }

  get component(): string {
    return this.#options.component;
  }

  /** Nest chains the event handlers of one pattern, so that the end of one can be the end of all; here each is waited for. */
  override addHandler(...[pattern, callback, isEventHandler = false, extras]: Parameters<Server["addHandler"]>): void {
    const route = this.normalizePattern(pattern);
    this.#handlers.add(route, callback, isEventHandler);
    if (!isEventHandler || !this.messageHandlers.has(route))
      super.addHandler(pattern, callback, isEventHandler, extras);
  }

  /** Deploys what the component needs, subscribes it to what its event handlers name, and begins to receive. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    this.#starting = this.#start();
    try {
      await this.#starting;
    } catch (error) {
      await this.close();
      callback(error);
      return;
    }
    callback();
  }

  /**
   * Takes no more messages, and waits for the handlers that run, so long as the options say. What has not ended by then comes again. What
   * is beginning to listen begins first, and whoever closes it meanwhile waits, too.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close().finally(() => void (this.#closing = undefined));
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#starting?.catch(() => {});
    const infrastructure = this.#infrastructure;
    this.#infrastructure = undefined;
    await infrastructure?.shutdown(AbortSignal.timeout(this.#options.stopWithin ?? STOP_WITHIN));
    this.#connected(false);
  }

  override on<
    Kind extends keyof SluiceServerEvents = keyof SluiceServerEvents,
    Callback extends SluiceServerEvents[Kind] = SluiceServerEvents[Kind],
  >(kind: Kind, callback: Callback): void {
    const those = this.#listeners.get(kind) ?? [];
    this.#listeners.set(kind, [...those, callback as (event: TransportEvent) => void]);
  }

  /** The transport's own infrastructure, of type `EventStoreInfrastructure`. @throws TypeError while the server does not listen */
  override unwrap<T>(): T {
    if (this.#infrastructure === undefined)
      throw new TypeError("The server does not listen: call listen before unwrap.");
    return this.#infrastructure as T;
  }

  async #start(): Promise<void> {
    const { component, concurrency = CONCURRENCY, handlerTimeout, subscribeFrom = "now" } = this.#options;
    const { createMissing = true } = this.#options;
    const transport = eventStoreTransport({ ...this.#options, on: (event) => this.#happened(event) });
    const types = this.#handlers.subscriptions;
    // What is critical is told as an event, too.
    const host = { name: component, onCriticalError: () => {} };
    this.#infrastructure = await transport.initialize(host, [{ address: component, createMissing }]);
    const receiver = this.#infrastructure.receivers.get(component);
    const limits = { concurrency, ...(handlerTimeout === undefined ? {} : { handlerTimeout }) };
    await receiver?.initialize(
      limits,
      (receive) => this.#handle(receive),
      (failure) => this.#afterFailure(failure),
    );
    if (createMissing && types.size > 0)
      await receiver?.subscriptions?.subscribe(new Map([...types].map((type) => [type, subscribeFrom])));
    await receiver?.start();
    this.#connected(true);
  }

  async #handle(receive: ReceiveContext): Promise<void> {
    const { id, type, headers } = receive.message;
    const message = messageContextOf(id, type, headers);
    const settlement = new Settlement();
    const handling = new Handling(receive, message, this.#options.connectionString);
    try {
      const work = () => this.#work(receive, message, settlement, handling);
      await handlings.run(handling, work).catch((error: unknown) => {
        if (!settlement.fail(error)) this.logger.error(error);
      });
      await handling.allEmitted();
      if (this.#options.manualAck !== true) settlement.ack();
      await settlement.wait(receive.signal);
      // With manualAck there may be more by now.
      await handling.allEmitted();
      handling.end("handled");
    } catch (error) {
      handling.end("failed");
      throw error;
    }
  }

  async #work(receive: ReceiveContext, message: MessageContext, settlement: Settlement, handling: Handling) {
    const { type, headers } = message;
    const options = { channel: type, pattern: type, headers };
    const packet = await this.deserializer.deserialize(saidIn(receive.message), options);
    const pattern = this.normalizePattern(packet.pattern ?? type);
    const context = new SluiceContext(receive, message, pattern, settlement);
    await this.#between(context, async () => {
      if (!isRequest(message)) return await this.#takeEvent(pattern, packet, context);
      await this.#answer(pattern, packet, context, this.#answerOf(handling));
    });
  }

  #answerOf(handling: Answering): Answer {
    const { messageId: id, headers, replyTo = "" } = handling.message;
    return new Answer(handling, replyTo, (said) => this.serializer.serialize({ ...said, id }, { headers }));
  }

  /** Whoever waits for an answer is told that there will be none. */
  async #afterFailure(failure: ErrorContext): Promise<ErrorResult> {
    const { dispatcher, receiveAddress } = failure;
    const { id, type, headers } = failure.message;
    const message = messageContextOf(id, type, headers);
    const isAsked = isRequest(message);
    const result = this.#decide(failure, isAsked);
    if (!isAsked || (result.action !== "park" && result.action !== "discard")) return result;
    const nextId = () => deriveId(id, `${receiveAddress}/broken`);
    await this.#answerOf({ message, dispatcher, nextId })
      .broken()
      .catch((error: unknown) => this.logger.error(error));
    return result;
  }

  /** Runs between the hooks of whoever watches the processing. */
  async #between(context: SluiceContext, run: () => Promise<void>): Promise<void> {
    const ran = Promise.withResolvers<void>();
    this.onProcessingStartHook(this.transportId, context, async () => {
      try {
        await run();
        ran.resolve();
      } catch (error) {
        ran.reject(error);
      }
      this.onProcessingEndHook?.(this.transportId, context);
    });
    await ran.promise;
  }

  async #answer(pattern: string, { data }: IncomingRequest | IncomingEvent, context: SluiceContext, answer: Answer) {
    const handler = this.#handlers.ofRequest(pattern);
    if (handler === undefined) {
      this.logger.warn(`${NO_MESSAGE_HANDLER} Pattern: ${pattern}`);
      context.ack();
      return await answer.error(NO_MESSAGE_HANDLER, "error");
    }
    const values = this.transformToObservable(Promise.resolve(handler(data, context)));
    // As notifications, since a failure would overtake the values that still wait to be sent.
    const answering = concatMap(async ({ kind, value, error }: Notification) => {
      if (kind === "N") return await answer.value(value);
      if (kind === "C") return await answer.end();
      await answer.error(error);
      // Who asked is told, and may ask again.
      context.ack();
    });
    await lastValueFrom(values.pipe(materialize(), answering));
  }

  async #takeEvent(pattern: string, { data }: IncomingEvent, context: SluiceContext): Promise<void> {
    const groups = this.#handlers.ofEvent(pattern);
    if (groups.length === 0) {
      const { type, headers } = context.getMessage();
      // The subscription to a namespace brings events that its pattern does not mean.
      if (headers[HEADER.intent] === "Publish" && this.#handlers.isPassedBy(type)) return context.ack();
      throw new UnknownMessageType(this.component, context.getMessageContext().messageId, pattern);
    }
    for (const { on, handlers } of groups) {
      const run = (handler: MessageHandler, place: number): Promise<void> =>
        running.run(handlerScope(this.component, pattern, on, place), () => handleEvent(handler, data, context));
      const ends = await Promise.allSettled(handlers.map(run));
      for (const end of ends) if (end.status === "rejected") throw context.originalOf(end.reason);
    }
  }

  #happened(event: TransportEvent): void {
    if (event.kind === "connected") this.#connected(true);
    if (event.kind === "dropped") this.#connected(false);
    if (event.kind === "projection recovered") this.#failedProjections.delete(event.projection);
    const problem = problemOf(event);
    if (problem !== undefined) this.logger.error(problem);
    if (event.kind === "projection failed") this.#failedProjections.set(event.projection, problem ?? event.reason);
    this.#options.on?.(event);
    for (const hear of this.#listeners.get(event.kind) ?? []) hear(event);
  }

  #connected(isConnected: boolean): void {
    this.#isConnected = isConnected;
    this._status$.next(isConnected ? "connected" : "disconnected");
  }
}

async function handleEvent(handler: MessageHandler, data: unknown, context: SluiceContext): Promise<void> {
  const result: unknown = await handler(data, context);
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}
