import { setTimeout as sleep } from "node:timers/promises";
import { backoff } from "../store/backoff.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { Delivery } from "./delivery.ts";
import { discardAfterOf, failureHistoryOf, type FailureHistory } from "./failure-history.ts";
import { Inbox } from "./inbox.ts";
import { InFlight } from "./in-flight.ts";
import { isAway } from "./is-away.ts";
import { parkReason } from "./park-reason.ts";
import type { Environment } from "../store/environment.ts";
import { contextOfEvent, type ReceivedMessage, toReceivedMessage } from "./received-message.ts";
import type { ErrorResult } from "../seam/contexts.ts";
import type { StoredEvent } from "../store/event.ts";
import { Unrecoverable } from "./unrecoverable.ts";

/** One try to handle a message. */
export interface Attempt {
  /** 1 the first time in this delivery. */
  readonly number: number;
  /** Delayed retries before this delivery. */
  readonly delayedRetries: number;
  /** It may have been handled before, wholly or in part. */
  readonly isRedelivery: boolean;
  /** What leaves may have left before, so it must be recognisable as the same. */
  readonly mayRepeat: boolean;
  readonly signal: AbortSignal;
}

/** An attempt that has failed. */
export interface Failure extends FailureHistory {
  readonly event: StoredEvent;
  readonly context: MessageContext;
  /** What was thrown: anything. */
  readonly error: unknown;
  /** Attempts that have failed in this delivery, 1 first. */
  readonly attempts: number;
  readonly firstFailedAt: Date;
  /** The same for all attempts of a delivery. */
  readonly items: Map<string, unknown>;
}

/** What a receiver needs to know of its component. */
export interface ReceiverOptions {
  readonly component: string;
  readonly concurrency: number;
  readonly messageTimeout: number;
  readonly maxDeliveries: number;
  /** Handles a message and stores all that it sends. Settles only then. */
  readonly handle: (message: ReceivedMessage, attempt: Attempt) => Promise<void>;
  /** Decides what becomes of a message whose handling failed. What it throws is reported, and the message comes again. */
  readonly onError: (failure: Failure) => Promise<ErrorResult>;
  /** Stores the message so that it comes again after so many milliseconds. The one at hand is acknowledged only then. */
  readonly delay: (failure: Failure, milliseconds: number) => Promise<void>;
  /** The date by the clock on the wall. */
  readonly date: () => Date;
  /** Ids of messages handled by any instance since the last call, as far as can be told. */
  readonly handledElsewhere: () => Promise<readonly string[]>;
  readonly report: (report: Report) => void;
}

/** What became of one delivery. */
export type Report = { readonly context: MessageContext } & (
  | { readonly kind: "handled"; readonly attempts: number; readonly milliseconds: number }
  | { readonly kind: "failed"; readonly attempt: number; readonly error: unknown }
  | { readonly kind: "parked"; readonly attempts: number; readonly error: unknown }
  | { readonly kind: "delayed"; readonly attempts: number; readonly error: unknown; readonly milliseconds: number }
  | { readonly kind: "discarded"; readonly attempts: number; readonly error: unknown }
  | { readonly kind: "policy failed"; readonly error: unknown }
  | { readonly kind: "duplicate" | "dangling" | "expired" }
);

/** Ids remembered per component: some 5 MB. */
const INBOX_CAPACITY = 50_000;

/**
 * Takes deliveries, as many at once as its limit allows, and settles each: acknowledged once it is handled and what it sent is
 * stored, parked where it cannot be handled. A message is acknowledged or parked by this class alone.
 */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #environment: Environment;
  readonly #inbox = new Inbox(INBOX_CAPACITY);
  readonly #inFlight = new InFlight();
  readonly #waiting: Delivery[] = [];
  #limit: number;
  #stopping = false;
  /** Settles when what other instances, and this one before, have handled is in the inbox. */
  #informed: Promise<void> = Promise.resolve();
  #toBeAsked = false;

  constructor(options: ReceiverOptions, environment: Environment) {
    this.#options = options;
    this.#environment = environment;
    this.#limit = options.concurrency;
  }

  /** To be called for each new connection to the queue, before its deliveries: the server may hand out anew what was handled. */
  connected(): void {
    this.#inform();
  }

  deliver(delivery: Delivery): void {
    this.#waiting.push(delivery);
    this.#pump();
  }

  setLimit(limit: number): void {
    this.#limit = limit;
    this.#pump();
  }

  /**
   * Starts no more handlers and waits for those in flight; when `deadline` is aborted their signals are aborted, and what has not
   * ended by then is left to be handed out again.
   */
  async stop(deadline: AbortSignal): Promise<void> {
    this.#stopping = true;
    await this.#inFlight.drain(deadline);
  }

  /** Asks again; several who need it before the asking has begun share it. */
  #inform(): void {
    if (this.#toBeAsked) return;
    this.#toBeAsked = true;
    this.#informed = this.#informed
      .catch(() => {})
      .then(() => {
        this.#toBeAsked = false;
        return this.#options.handledElsewhere();
      })
      .then((ids) => ids.forEach((id) => this.#inbox.add(id)));
    // Whoever needs it awaits it; here it must only not count as unheard.
    this.#informed.catch(() => {});
  }

  #pump(): void {
    while (!this.#stopping && this.#inFlight.size < this.#limit) {
      const delivery = this.#waiting.shift();
      if (delivery === undefined) return;
      // After its time the server has taken it back, and after a drop too: another instance may have it by now.
      const expired = this.#environment.now() - delivery.at >= this.#options.messageTimeout;
      if (delivery.isLive() && !expired) this.#start(delivery);
    }
  }

  #start(delivery: Delivery): void {
    const { event, retryCount } = delivery;
    // A system event here is the trace of a deleted stream (spec 3.12), or a link that cannot be followed (corrections 2.5).
    if (event === undefined || event.type.startsWith("$")) {
      delivery.ack();
      const context = event === undefined ? nothingBehind(delivery) : contextOfEvent(event);
      return this.#options.report({ kind: "dangling", context });
    }
    const context = contextOfEvent(event);
    // First, since what is being handled is never parked beside its handling, however often the server has lost patience with it.
    if (this.#inFlight.joins(context.messageId, delivery)) return;
    if (retryCount >= this.#options.maxDeliveries) return this.#parkUnhandled(delivery, event, context);
    const work = this.#inFlight.begin(context.messageId, delivery);
    void this.#process(delivery, context, work.signal).finally(() => {
      work.end();
      this.#pump();
    });
  }

  async #process(delivery: Delivery, context: MessageContext, signal: AbortSignal): Promise<void> {
    try {
      if (await this.#isHandled(delivery, context.messageId)) {
        this.#inFlight.ackAll(context.messageId);
        return this.#options.report({ kind: "duplicate", context });
      }
    } catch {
      return this.#giveBackLater(delivery, context.messageId, signal);
    }
    if (this.#isExpired(delivery)) {
      this.#inFlight.ackAll(context.messageId);
      return this.#options.report({ kind: "expired", context });
    }
    await this.#attempts(delivery, context, signal);
  }

  /** What nobody may handle any more is dropped, also between two attempts. */
  #isExpired({ event }: Delivery): boolean {
    const over = event === undefined ? undefined : discardAfterOf(event);
    return over !== undefined && over < this.#options.date();
  }

  /** A redelivery means that an instance had it before and may have finished: its outbox tells. */
  async #isHandled(delivery: Delivery, id: string): Promise<boolean> {
    if (this.#inbox.has(id)) return true;
    if (delivery.retryCount > 0) this.#inform();
    await this.#informed;
    return this.#inbox.has(id);
  }

  async #attempts(delivery: Delivery, context: MessageContext, signal: AbortSignal): Promise<void> {
    const { handle, report } = this.#options;
    const event = delivery.event ?? never();
    const items = new Map<string, unknown>();
    const history = failureHistoryOf(event);
    let { firstFailedAt } = history;
    const begun = this.#environment.now();
    let unreachable = 0;
    for (let number = 1; ;) {
      const again = number > 1 || unreachable > 0;
      const isRedelivery = delivery.retryCount > 0 || again || history.delayedRetries > 0 || history.replays > 0;
      try {
        await handle(toReceivedMessage(event), {
          number,
          delayedRetries: history.delayedRetries,
          isRedelivery,
          mayRepeat: isRedelivery,
          signal,
        });
        this.#inbox.add(context.messageId);
        this.#inFlight.ackAll(context.messageId);
        return report({ kind: "handled", context, attempts: number, milliseconds: this.#environment.now() - begun });
      } catch (error) {
        if (signal.aborted) return;
        if (isAway(error)) {
          if (this.#stopping || !delivery.isLive()) return this.#inFlight.giveBack(context.messageId);
          await this.#pause((unreachable += 1), signal);
          continue;
        }
        report({ kind: "failed", context, attempt: number, error });
        firstFailedAt ??= this.#options.date();
        const failure = { ...history, event, context, error, attempts: number, firstFailedAt, items };
        if (await this.#settle(delivery, failure, signal)) return;
        number += 1;
      }
    }
  }

  /** Does what the policy says. @returns false where the message is to be handled again at once. */
  async #settle(delivery: Delivery, failure: Failure, signal: AbortSignal): Promise<boolean> {
    const { onError, delay, report } = this.#options;
    const { context, error, attempts } = failure;
    try {
      const result = await onError(failure);
      switch (result.action) {
        case "retry":
          if (!this.#stopping && delivery.isLive() && !this.#isExpired(delivery)) return false;
          this.#inFlight.giveBack(context.messageId);
          return true;
        case "retry after":
          // The copy first: between the two lines the message is there twice under one id, and never lost.
          await delay(failure, result.milliseconds);
          this.#inFlight.ackAll(context.messageId);
          report({ kind: "delayed", context, attempts, error, milliseconds: result.milliseconds });
          return true;
        case "park":
          this.#park(delivery, failure);
          return true;
        case "discard":
        case "handled":
          this.#inFlight.ackAll(context.messageId);
          if (result.action === "discard") report({ kind: "discarded", context, attempts, error });
          return true;
      }
    } catch (broken) {
      if (!isAway(broken)) report({ kind: "policy failed", context, error: broken });
      await this.#giveBackLater(delivery, context.messageId, signal);
      return true;
    }
  }

  #parkUnhandled(delivery: Delivery, event: StoredEvent, context: MessageContext): void {
    const history = failureHistoryOf(event);
    const firstFailedAt = history.firstFailedAt ?? this.#options.date();
    const error = tooOften(delivery.retryCount);
    this.#park(delivery, { ...history, event, context, error, attempts: 0, firstFailedAt, items: new Map() });
  }

  #park(delivery: Delivery, failure: Failure): void {
    const { component, report, date } = this.#options;
    const { context, attempts, error } = failure;
    const earlierDeliveries = delivery.retryCount;
    const reason = parkReason({ ...failure, component, earlierDeliveries, lastFailedAt: date(), message: context });
    if (attempts === 0) delivery.park(reason);
    else this.#inFlight.park(context.messageId, reason);
    report({ kind: "parked", context, attempts, error });
  }

  /** What was handled cannot be told now, so nothing may be handled: the server hands it out again. */
  async #giveBackLater(delivery: Delivery, id: string, signal: AbortSignal): Promise<void> {
    await this.#pause(1 + delivery.retryCount, signal);
    this.#inFlight.giveBack(id);
  }

  async #pause(failures: number, signal: AbortSignal): Promise<void> {
    await sleep(backoff(failures, this.#environment.random()), undefined, { signal }).catch(() => {});
  }
}

const nothingBehind = ({ linkId }: Delivery): MessageContext => ({
  messageId: linkId,
  type: "$>",
  correlationId: linkId,
  headers: {},
});

const tooOften = (retryCount: number): Unrecoverable =>
  new Unrecoverable(
    `The server has handed this message out ${retryCount} times and no instance has settled it. It may end the process that handles it, or take longer than the message timeout.`,
  );

function never(): never {
  throw new Error("A delivery without an event is settled before it is handled.");
}
