import type {
  ErrorContext,
  ErrorResult,
  MessageReceiver,
  ReceiveContext,
  TransportInfrastructure,
} from "../../seam/index.ts";
import { UnreadableMessage } from "../../index.ts";
import { afterReturn } from "./after-return.ts";
import { attributesOf } from "./attributes.ts";
import { BusNotReady } from "./bus-not-ready.ts";
import type {
  BusAttributes,
  BusDependencies,
  BusInitialization,
  BusMessage,
  BusTransportMessage,
  SomeTransportMessage,
} from "./bus-types.ts";
import { Delivery } from "./delivery.ts";
import { domainMessageOf } from "./domain-message.ts";
import { Handover } from "./handover.ts";
import type { NodeTsBusTransport } from "./node-ts-bus-transport.ts";
import { innermost, NotHandled } from "./not-handled.ts";
import { DEFAULTS, type NodeTsBusOptions, type Settings } from "./options.ts";
import type { RawMessage } from "./raw-message.ts";
import { sendMessage } from "./sending.ts";

/**
 * Makes the transport of one bus of `@node-ts/bus-core`.
 *
 * ```ts
 * const transport = nodeTsBusTransport({ queueName: "orders", transport: eventStoreTransport({ connectionString }) });
 * const bus = Bus.configure().withTransport(transport).withHandler(placeOrder).build();
 * ```
 * @throws TypeError for a transport that keeps no message for a later retry, or cannot put one aside.
 */
export function nodeTsBusTransport(options: NodeTsBusOptions): NodeTsBusTransport {
  const { delayedDelivery, parking } = options.transport.capabilities;
  if (!delayedDelivery || !parking)
    throw new TypeError("The bus retries later and has a dead-letter queue: take a transport that is capable of both.");
  return new OnSeam(options);
}

/** Who handles, as the bus tells each of its handlers. */
type HandlingContext = { get(): SomeTransportMessage | undefined };

/** What is there between initialize and dispose. */
interface Connected {
  readonly infrastructure: TransportInfrastructure;
  /** Undefined: the bus only sends. */
  readonly receiver: MessageReceiver | undefined;
  readonly context: HandlingContext;
}

class OnSeam implements NodeTsBusTransport {
  readonly #options: Settings;
  readonly #handover = new Handover();
  /** Those that the bus has not yet settled. */
  readonly #deliveries = new Map<string, Delivery>();
  #made = 0;
  #concurrency = 1;
  #dependencies: BusDependencies | undefined;
  #connected: Connected | undefined;

  constructor(options: NodeTsBusOptions) {
    this.#options = { ...DEFAULTS, ...options } as Settings;
  }

  prepare(dependencies: BusDependencies): void {
    this.#dependencies = dependencies;
  }

  async connect({ concurrency }: { readonly concurrency: number }): Promise<void> {
    this.#concurrency = concurrency;
  }

  async initialize({ handlerRegistry, sendOnly }: BusInitialization): Promise<void> {
    await this.#initialize({ handlerRegistry, sendOnly }, this.#options.createMissing);
  }

  async provision({
    handlerRegistry = this.#prepared.handlerRegistry,
    sendOnly = false,
  }: Partial<BusInitialization> = {}): Promise<void> {
    await this.#initialize({ handlerRegistry, sendOnly }, true);
  }

  async #initialize({ handlerRegistry, sendOnly }: BusInitialization, createMissing: boolean): Promise<void> {
    const { receiver } = (this.#connected ??= await this.#connect(sendOnly, createMissing));
    if (receiver === undefined || !createMissing) return;
    const types = [...handlerRegistry.getMessageNames(), ...handlerRegistry.getExternallyManagedTopicIdentifiers()];
    if (types.length > 0) await receiver.subscriptions?.subscribe(new Map(types.map((type) => [type, "now"])));
  }

  async #connect(sendOnly: boolean, createMissing: boolean): Promise<Connected> {
    const { queueName, transport, handlerTimeout } = this.#options;
    const logger = this.#logger;
    // Not at the top: who reads what the package says of itself need not have installed the bus.
    const { messageHandlingContext: context } = await import("@node-ts/bus-core");
    const infrastructure = await transport.initialize(
      { name: queueName, onCriticalError: ({ problem, ...details }) => logger.error(problem, details) },
      sendOnly ? [] : [{ address: queueName, createMissing }],
    );
    const receiver = infrastructure.receivers.get(queueName);
    await receiver?.initialize(
      { concurrency: this.#concurrency, ...(handlerTimeout === undefined ? {} : { handlerTimeout }) },
      (received) => this.#onMessage(received),
      (failed) => this.#onError(failed),
    );
    return { infrastructure, receiver, context };
  }

  async start(): Promise<void> {
    this.#handover.open();
    await this.#inUse.receiver?.start();
  }

  async stop(): Promise<void> {
    const deadline = AbortSignal.timeout(this.#options.stopTimeout);
    const giveBack = (): void => {
      for (const delivery of this.#deliveries.values()) delivery.returned({ action: "retry" });
    };
    deadline.addEventListener("abort", giveBack);
    try {
      const stopped = this.#connected?.receiver?.stop(deadline);
      this.#handover.close();
      await stopped;
    } finally {
      // What is handled after the next start has nothing to do with it.
      deadline.removeEventListener("abort", giveBack);
    }
  }

  async disconnect(): Promise<void> {
    const connected = this.#connected;
    this.#connected = undefined;
    this.#handover.close();
    await connected?.infrastructure.shutdown(AbortSignal.timeout(this.#options.stopTimeout));
  }

  /** The bus disconnects first. */
  dispose(): Promise<void> {
    return this.disconnect();
  }

  publish(event: BusMessage, attributes?: Partial<BusAttributes>): Promise<void> {
    return this.#send(event, attributes, undefined);
  }

  send(command: BusMessage, attributes?: Partial<BusAttributes>): Promise<void> {
    return this.#send(command, attributes, this.#options.addressOf?.(command));
  }

  sendToAddress(message: BusMessage, address: string, attributes?: Partial<BusAttributes>): Promise<void> {
    return this.#send(message, attributes, address);
  }

  async #send(message: BusMessage, attributes: Partial<BusAttributes> | undefined, to: string | undefined) {
    const { infrastructure, context } = this.#inUse;
    const { messageSerializer: serializer } = this.#prepared;
    const { dispatcher } = infrastructure;
    await sendMessage({ serializer, dispatcher, delivery: this.#deliveryOf(context.get()) }, message, attributes, to);
  }

  async readNextMessage(): Promise<BusTransportMessage<RawMessage> | undefined> {
    return (await this.#handover.take())?.message;
  }

  async deleteMessage(message: SomeTransportMessage): Promise<void> {
    this.#deliveryOf(message)?.handled();
  }

  async returnMessage(message: SomeTransportMessage, delay?: number): Promise<void> {
    const delivery = this.#deliveryOf(message);
    delivery?.returned(this.#afterReturn(delivery.attempts, delay));
  }

  async fail(message: SomeTransportMessage, failure?: unknown): Promise<void> {
    this.#deliveryOf(message)?.failed(innermost(failure));
  }

  readonly noteFailure: NodeTsBusTransport["noteFailure"] = ({ rawMessage, error }) => {
    const delivery = this.#deliveryOf(rawMessage);
    if (delivery !== undefined) delivery.failure = innermost(error);
  };

  async #onMessage(context: ReceiveContext): Promise<void> {
    const { id, type, headers, body } = context.message;
    const text = new TextDecoder().decode(body);
    const domainMessage = domainMessageOf(context.message, text, this.#prepared.messageSerializer);
    const deliveryId = `${context.nativeId}/${(this.#made += 1)}`;
    const { delayedRetries: returns, isRedelivery } = context;
    const raw: RawMessage = { deliveryId, id, type, headers: { ...headers }, body: text, returns, isRedelivery };
    const delivery = new Delivery(context, { id, domainMessage, raw, attributes: attributesOf(headers) });
    this.#deliveries.set(deliveryId, delivery);
    try {
      this.#handover.offer(delivery);
      await delivery.ended;
    } finally {
      this.#deliveries.delete(deliveryId);
    }
  }

  /** What was sent on behalf of a failed message leaves before that is put aside: a crash between the two repeats it under its ids. */
  async #onError({ error, delayedRetries, dispatcher }: ErrorContext): Promise<ErrorResult> {
    if (error instanceof UnreadableMessage) return { action: "park" };
    if (!(error instanceof NotHandled)) return this.#afterReturn(delayedRetries + 1);
    for (const operations of error.operations) await dispatcher.dispatch(operations);
    return error.result;
  }

  #afterReturn(attempts: number, delay?: number): ErrorResult {
    const { retryStrategy } = this.#prepared;
    const { maxRetries } = this.#options;
    return afterReturn(attempts, maxRetries, delay ?? retryStrategy.calculateRetryDelay(attempts - 1));
  }

  /** Undefined: the message is settled, or is none of this transport's. Workflows have the bus ask with a clone. */
  #deliveryOf(message: SomeTransportMessage | undefined): Delivery | undefined {
    const { deliveryId } = Object(message?.raw) as Partial<RawMessage>;
    const delivery = deliveryId === undefined ? undefined : this.#deliveries.get(deliveryId);
    return delivery?.isOpen === true ? delivery : undefined;
  }

  get #logger(): ReturnType<BusDependencies["loggerFactory"]> {
    return this.#prepared.loggerFactory("@sluice/transport:node-ts-bus");
  }

  get #prepared(): BusDependencies {
    if (this.#dependencies === undefined) throw new BusNotReady(this.#options.queueName, "prepare");
    return this.#dependencies;
  }

  get #inUse(): Connected {
    if (this.#connected === undefined) throw new BusNotReady(this.#options.queueName, "initialize");
    return this.#connected;
  }
}
