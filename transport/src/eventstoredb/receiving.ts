import { randomUUID } from "node:crypto";
import { NotDeployed } from "../deploy/not-deployed.ts";
import type { Appending } from "../dispatch/appender.ts";
import { Batch } from "../dispatch/batch.ts";
import { Dispatcher, type DispatcherOptions } from "../dispatch/dispatcher.ts";
import { StoredAttempts } from "../receive/attempt-log.ts";
import type { Attempt, FailedAttempt } from "../receive/attempt.ts";
import type { MessageContext } from "../messages/message-context.ts";
import { ContextItems } from "../pipeline/context-items.ts";
import type { OutgoingContext } from "../pipeline/outgoing.ts";
import { Queue } from "../receive/queue.ts";
import { isRefused } from "../receive/is-refused.ts";
import { Receiver } from "../receive/receiver.ts";
import type { Received } from "../receive/receiver-options.ts";
import type { Report } from "../receive/report.ts";
import { SharedInbox } from "../receive/shared-inbox.ts";
import type { Solitude } from "../receive/solitude.ts";
import { transportMessageOf } from "../receive/transport-message-of.ts";
import { delay } from "../recoverability/delay.ts";
import type { Clock } from "../schedule/clock.ts";
import { Scheduler } from "../schedule/scheduler.ts";
import type { ErrorResult } from "../seam/contexts.ts";
import type { MessageDispatcher } from "../seam/message-dispatcher.ts";
import type { OnError, ReceiveLimits } from "../seam/message-receiver.ts";
import type { Environment } from "../store/environment.ts";
import { GroupNotFound } from "../store/group-not-found.ts";
import type { Store } from "../store/store.ts";
import { queueOf } from "../topology/queue-address.ts";
import { intermediateStream } from "../topology/stream-names.ts";
import { interceptedDispatcher } from "./intercepted-dispatcher.ts";
import type { Interceptor, ObservedAttempt } from "./interceptor.ts";
import type { EventStoreReceiveContext, EventStoreReceiveSettings, QueueOptions } from "./options.ts";
import type { TransportEvent } from "./transport-event.ts";

/** What an address is received by. */
export interface ReceivingOptions {
  readonly settings: EventStoreReceiveSettings & Required<QueueOptions>;
  readonly store: Store;
  readonly appender: Appending;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly solitude: Solitude;
  readonly limits: ReceiveLimits;
  readonly onMessage: (context: EventStoreReceiveContext) => Promise<void>;
  readonly onError: OnError;
  /** Runs around each attempt. Default: nothing. */
  readonly process?: Interceptor<ObservedAttempt> | undefined;
  /** Runs around each message that handlers dispatch. Default: nothing. */
  readonly create?: Interceptor<OutgoingContext> | undefined;
  readonly on: (event: TransportEvent) => void;
}

/** An address that is received from, from one start to the stop after it. */
export class Receiving {
  readonly #options: ReceivingOptions;
  readonly #address: string;
  readonly #queue: Queue;
  readonly #receiver: Receiver;
  readonly #handled: SharedInbox;
  readonly #scheduler: Scheduler;
  readonly #sending: DispatcherOptions;

  constructor(options: ReceivingOptions) {
    const { settings, store, appender, clock, environment, solitude, limits, on } = options;
    const { address, laneOf, recognizesRepeats, messageTimeout, maxDeliveries, sends } = settings;
    this.#options = options;
    this.#address = address;
    this.#sending = {
      appender,
      source: address,
      intermediate: sends === "transactional" ? intermediateStream(address) : undefined,
      now: () => clock.now(),
    };
    const dated = { ...environment, date: () => new Date(clock.now()) };
    this.#handled = new SharedInbox(store, address, randomUUID(), messageTimeout, dated);
    this.#receiver = new Receiver(
      {
        component: address,
        ...limits,
        messageTimeout,
        maxDeliveries,
        handle: (message, attempt) => this.#observed(message, attempt),
        onError: (failure) => this.#onError(failure),
        laneOf:
          laneOf &&
          (({ event, metadata, context }) => laneOf(transportMessageOf(event, metadata, context.messageId), context)),
        delay: (failure, milliseconds) => delay(store, address, failure, new Date(clock.now() + milliseconds)),
        handled: this.#handled,
        recognizesRepeats,
        attempts: new StoredAttempts(store, address),
        isRefused: (place) => isRefused(store, place),
        solitude,
        report: ({ context, ...report }: Report) => {
          const { messageId, type, correlationId, headers } = context;
          on({ component: address, messageId, type, correlationId, headers, ...report });
        },
        want: (slots) => this.#queue.resize(slots),
      },
      dated,
    );
    this.#scheduler = new Scheduler({
      store,
      component: address,
      clock,
      random: () => environment.random(),
      onInterrupted: (error, retryIn) => on({ kind: "schedule interrupted", component: address, error, retryIn }),
    });
    this.#queue = new Queue(
      store,
      queueOf(address),
      {
        connected: () => {
          this.#receiver.connected();
          on({ kind: "connected", component: address });
        },
        delivered: (delivery) => this.#receiver.deliver(delivery),
        dropped: (error, retryIn) => on({ kind: "dropped", component: address, error, retryIn }),
      },
      environment,
    );
  }

  /** @throws NotDeployed, and what else the server answers. */
  async start(): Promise<void> {
    await this.#handled.start();
    try {
      await this.#queue.open(this.#receiver.wanted);
    } catch (error) {
      throw error instanceof GroupNotFound ? new NotDeployed(this.#address, { cause: error }) : error;
    }
    this.#scheduler.start();
  }

  changeLimits({ concurrency, handlerTimeout }: ReceiveLimits): void {
    this.#receiver.setLimits(concurrency, handlerTimeout);
  }

  async stop(deadline: AbortSignal): Promise<void> {
    await Promise.all([this.#receiver.stop(deadline), this.#scheduler.stop()]);
    await Promise.all([this.#handled.stop(), this.#queue.close()]);
  }

  /** Handles the message; whoever looks on sees all of the attempt. */
  #observed(message: Received, attempt: Attempt): Promise<void> {
    const { process } = this.#options;
    if (process === undefined) return this.#handle(message, attempt);
    const { number, delayedRetries, isRedelivery } = attempt;
    const observed: ObservedAttempt = {
      component: this.#address,
      message: message.context,
      bodySize: message.event.data.byteLength,
      attempt: number,
      delayedRetries,
      isRedelivery,
      items: new ContextItems(attempt.items),
    };
    return process(observed, () => this.#handle(message, attempt));
  }

  /** Settles when the message is handled and all that it led to is stored. */
  async #handle(message: Received, attempt: Attempt): Promise<void> {
    const { context } = message;
    const { mayRepeat, confirm, storing } = attempt;
    // That its messages name it as their cause tells others that it was handled.
    const batch = new Batch({ ...this.#sending, handling: context, mayRepeat });
    try {
      await this.#options.onMessage({
        ...this.#received(message),
        attempt: attempt.number,
        delayedRetries: attempt.delayedRetries,
        isRedelivery: attempt.isRedelivery,
        signal: attempt.signal,
        items: attempt.items,
        dispatcher: this.#intercepted(batch, context, attempt.items),
        mayRepeat,
      });
      await confirm();
    } finally {
      batch.end();
    }
    if (batch.holdsAny) storing();
    await batch.leave();
  }

  #onError(failure: FailedAttempt): Promise<ErrorResult> {
    const { context, error, immediateFailures, delayedRetries, firstFailedAt, items } = failure;
    return this.#options.onError({
      ...this.#received(failure),
      error,
      immediateFailures,
      delayedRetries,
      firstFailedAt,
      items,
      dispatcher: this.#intercepted(new Dispatcher({ ...this.#sending, handling: context }), context, items),
    });
  }

  #intercepted(
    dispatcher: MessageDispatcher,
    handling: MessageContext,
    values: Map<string, unknown>,
  ): MessageDispatcher {
    const { create, settings } = this.#options;
    return interceptedDispatcher(dispatcher, create, {
      mode: settings.sends,
      handling,
      items: new ContextItems(values),
    });
  }

  #received({ event, metadata, context }: Received) {
    return {
      message: transportMessageOf(event, metadata, context.messageId),
      nativeId: event.id,
      receiveAddress: this.#address,
    };
  }
}
