import type { MessageReceiver, OnError, ReceiveLimits } from "../seam/message-receiver.ts";
import type { SubscriptionManager } from "../seam/subscription-manager.ts";
import type { EventStoreReceiveContext } from "./options.ts";
import { Receiving, type ReceivingOptions } from "./receiving.ts";

/** What a receiver needs before it knows who handles. */
export type ReceiverSetup = Omit<ReceivingOptions, "limits" | "onMessage" | "onError">;

/** Receives the messages of one address of an EventStoreDB server: the queue of a component. */
export class EventStoreReceiver implements MessageReceiver {
  readonly receiveAddress: string;
  readonly subscriptions: SubscriptionManager;
  readonly #setup: ReceiverSetup;
  #handling: Pick<ReceivingOptions, "limits" | "onMessage" | "onError"> | undefined;
  #receiving: Receiving | undefined;
  #stopping: Promise<void> | undefined;

  constructor(setup: ReceiverSetup, subscriptions: SubscriptionManager) {
    this.receiveAddress = setup.settings.address;
    this.subscriptions = subscriptions;
    this.#setup = setup;
  }

  async initialize(
    limits: ReceiveLimits,
    onMessage: (context: EventStoreReceiveContext) => Promise<void>,
    onError: OnError,
  ): Promise<void> {
    this.#handling = { limits: checked(limits), onMessage, onError };
  }

  async start(): Promise<void> {
    await this.#stopping;
    if (this.#handling === undefined)
      throw new TypeError(`Say who handles the messages of ${this.receiveAddress}: call initialize before start.`);
    if (this.#receiving !== undefined) return;
    const receiving = new Receiving({ ...this.#setup, ...this.#handling });
    this.#receiving = receiving;
    try {
      await receiving.start();
    } catch (error) {
      await this.stop(AbortSignal.abort());
      throw error;
    }
  }

  changeLimits(limits: ReceiveLimits): void {
    if (this.#handling === undefined) throw new TypeError("Call initialize before the limits are changed.");
    this.#handling = { ...this.#handling, limits: checked(limits) };
    this.#receiving?.changeLimits(limits);
  }

  async stop(deadline: AbortSignal): Promise<void> {
    const receiving = this.#receiving;
    if (receiving === undefined) return this.#stopping;
    this.#receiving = undefined;
    this.#stopping = receiving.stop(deadline);
    await this.#stopping;
  }
}

function checked(limits: ReceiveLimits): ReceiveLimits {
  const { concurrency, handlerTimeout = 1 } = limits;
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new RangeError(`A concurrency of ${concurrency} is no whole number from 1 on.`);
  if (!(handlerTimeout > 0))
    throw new RangeError(`A handlerTimeout of ${handlerTimeout} is no number of milliseconds above 0.`);
  return limits;
}
