import { setTimeout as sleep } from "node:timers/promises";
import type { Headers } from "../messages/header-value.ts";
import { classify } from "../recoverability/classify.ts";
import { backoff } from "../store/backoff.ts";
import type { FailedAttempt } from "./attempt.ts";
import type { Breaker } from "./breaker.ts";
import { failureHistoryOf } from "./failure-history.ts";
import { parkReason } from "./park-reason.ts";
import type { FailureMemory } from "./past-failures.ts";
import type { Pump } from "./pump.ts";
import type { ReceiverEnvironment, ReceiverOptions } from "./receiver-options.ts";
import type { Work } from "./work.ts";

export interface EndingsOptions {
  readonly options: ReceiverOptions;
  readonly environment: ReceiverEnvironment;
  readonly breaker: Breaker;
  readonly pump: () => Pump;
  readonly failures: FailureMemory;
  /** Nothing waits any longer once it is aborted. */
  readonly stopping: AbortSignal;
}

/** The ends that a message in hand may come to: each settles it, frees its slot, and is told. */
export class Endings {
  readonly #options: ReceiverOptions;
  readonly #environment: ReceiverEnvironment;
  readonly #breaker: Breaker;
  readonly #pump: () => Pump;
  readonly #failures: FailureMemory;
  readonly #stopping: AbortSignal;

  constructor({ options, environment, breaker, pump, failures, stopping }: EndingsOptions) {
    this.#options = options;
    this.#environment = environment;
    this.#breaker = breaker;
    this.#pump = pump;
    this.#failures = failures;
    this.#stopping = stopping;
  }

  /** It was handled before, here or by another instance. */
  duplicate(work: Work): void {
    this.ack(work);
    this.#options.report({ kind: "duplicate", context: work.context });
  }

  /**
   * Says that it is parked only where that has reached the server; otherwise it comes again. What failed here may have been handled by
   * an instance that had it before and was late: then there is nothing to park.
   */
  async park(work: Work, attempts: number, error: unknown, headers?: Headers): Promise<void> {
    const { component, handled, report } = this.#options;
    try {
      if (work.retryCount > 0 || !work.settlement.isUndisputed(this.#environment.now()))
        await handled.refresh(work.queuedAt);
    } catch (thrown) {
      return this.giveBackLater(work, thrown);
    }
    if (handled.has(work.id)) return this.duplicate(work);
    const { context } = work;
    const lastFailedAt = this.#environment.date();
    const { firstFailedAt = lastFailedAt } = this.#failures.of(work.id);
    const reason = parkReason({
      ...failureHistoryOf(work.metadata),
      component,
      error,
      attempts,
      firstFailedAt,
      lastFailedAt,
      earlierDeliveries: work.retryCount,
      message: context,
      headers,
    });
    this.#pump().settling(work);
    this.succeeded(work);
    if (!work.settlement.park(reason, this.#environment.now())) return;
    this.#failures.forget(work.id);
    report({ kind: "parked", context, attempts, error });
  }

  /** A copy of it comes later. */
  async delay(work: Work, failure: FailedAttempt, milliseconds: number): Promise<void> {
    const { delay, report } = this.#options;
    const { context, error, immediateFailures: attempts } = failure;
    try {
      // The copy first: between the two lines the message is there twice under one id, and never lost.
      await delay(failure, milliseconds);
    } catch (thrown) {
      return this.giveBackLater(work, thrown);
    }
    // Before the server is: of a process that is killed between the two nobody would hear that the copy may be handled.
    await this.#options.handled.letGo(work.id);
    this.ackEvent(work);
    report({ kind: "delayed", context, attempts, error, milliseconds });
  }

  /** Handled, in all its deliveries. */
  ack(work: Work): void {
    this.#settling(work);
    work.settlement.ack();
  }

  /** Dealt with, but not handled: true of the event by which it came alone. */
  ackEvent(work: Work): void {
    this.#settling(work);
    work.settlement.ackEvent(this.#environment.now());
  }

  #settling(work: Work): void {
    this.#pump().settling(work);
    this.#failures.forget(work.id);
    this.succeeded(work);
  }

  /** Whatever it needed was there: where handling had paused for that, it goes on. */
  succeeded({ context }: Work): void {
    if (this.#breaker.succeeded()) this.#options.report({ kind: "resumed", context });
  }

  /** The server hands it out again. Whoever was to try whether a server is there has not. */
  giveBack(work: Work): void {
    this.#pump().settling(work);
    work.settlement.giveBack(this.#environment.now());
    this.#breaker.gaveUp();
  }

  /** The same after a while, since nothing can be done about it now. */
  async giveBackLater(work: Work, error: unknown): Promise<void> {
    if (classify(error) === "server away") this.#breaker.failed();
    const pause = backoff(1 + work.retryCount, this.#environment.random());
    await sleep(pause, undefined, { signal: this.#stopping }).catch(() => {});
    this.giveBack(work);
  }
}
