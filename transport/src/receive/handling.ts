import { setImmediate as turn } from "node:timers/promises";
import { classify } from "../recoverability/classify.ts";
import type { ErrorResult } from "../seam/contexts.ts";
import { AttemptsNeverEnded } from "./attempts-never-ended.ts";
import type { Breaker } from "./breaker.ts";
import { Endings } from "./endings.ts";
import { discardAfterOf, failureHistoryOf, unknownTypeRetriesOf } from "./failure-history.ts";
import { HandledElsewhere } from "./handled-elsewhere.ts";
import { FailureMemory, type PastFailures } from "./past-failures.ts";
import type { Pump } from "./pump.ts";
import type { FailedAttempt } from "./attempt.ts";
import type { ReceiverEnvironment, ReceiverOptions } from "./receiver-options.ts";
import { waitForCopy } from "./wait-for-copy.ts";
import type { Work } from "./work.ts";

/** The way of one message after the other from its beginning to its settlement. */
export class Handling {
  readonly #options: ReceiverOptions;
  readonly #environment: ReceiverEnvironment;
  readonly #breaker: Breaker;
  readonly #pump: () => Pump;
  readonly #failures = new FailureMemory();
  readonly #stopping = new AbortController();
  readonly #endings: Endings;
  #waitsForNobody: AbortSignal | undefined;
  #timeLimit: number | undefined;
  /** Settles when what was handled before this connection is known; undefined: nobody has asked yet. */
  #informed: Promise<void> | undefined;

  constructor(options: ReceiverOptions, environment: ReceiverEnvironment, breaker: Breaker, pump: () => Pump) {
    this.#options = options;
    this.#environment = environment;
    this.#breaker = breaker;
    this.#pump = pump;
    this.#timeLimit = options.handlerTimeout;
    const stopping = this.#stopping.signal;
    this.#endings = new Endings({ options, environment, breaker, pump, failures: this.#failures, stopping });
  }

  /** @param milliseconds that a handler may take which begins from now on; undefined: as long as the message is this instance's. */
  setTimeLimit(milliseconds: number | undefined): void {
    this.#timeLimit = milliseconds;
  }

  /** The server may hand out anew what was handled. */
  connected(): void {
    this.#informed = undefined;
  }

  /** Nothing is tried again. Once `deadline` is aborted nothing leaves any more and nothing is settled. */
  stop(deadline: AbortSignal): void {
    this.#waitsForNobody = deadline;
    this.#stopping.abort();
  }

  /** Never rejects. */
  async run(work: Work): Promise<void> {
    const { handled, attempts, recognizesRepeats } = this.#options;
    try {
      if (await this.#isHandled(work)) return this.#endings.duplicate(work);
      const turn = recognizesRepeats?.(work.context) === true ? undefined : handled.begin(work.id, work.linkId);
      if (turn !== undefined && !(await turn)) return this.#waitForCopy(work);
      if (work.retryCount > 0 && !(await this.#isSafe(work))) return handled.end(work.id);
    } catch (error) {
      handled.end(work.id);
      // What was handled cannot be told now, so nothing may be handled: the server hands it out again.
      return this.#endings.giveBackLater(work, error);
    }
    if (this.#isExpired(work)) {
      this.#endings.ackEvent(work);
      this.#options.report({ kind: "expired", context: work.context });
    } else if (work.settlement.isOver(this.#environment.now())) {
      // Its time has run out while it was looked up. It would be handled beside another instance, and what cuts it short is not its failure.
      this.#endings.giveBack(work);
    } else await this.#attempt(work);
    handled.end(work.id);
    // Where this is not stored, one attempt more counts as never ended, which matters only to a message that ends processes.
    if (work.retryCount > 0 && !handled.has(work.id)) await attempts.end(work.id).catch(() => {});
  }

  /**
   * A message that was handed out before may have ended the process that had it. So it is written down that it is begun, and what was
   * begun so before and never ended is handled alone. What was handed out and not begun is no attempt.
   * @returns false where it is not to be begun, and is settled.
   */
  async #isSafe(work: Work): Promise<boolean> {
    const { attempts, maxDeliveries } = this.#options;
    const unended = await attempts.unended(work.id);
    if (unended.alone >= maxDeliveries) {
      await this.#endings.park(work, 0, new AttemptsNeverEnded(unended.alone));
      return false;
    }
    const isSuspicious = unended.all > 0;
    if (isSuspicious && !(await this.#pump().beAlone(work))) {
      this.#endings.giveBack(work);
      return false;
    }
    await attempts.begin(work.id, isSuspicious);
    return true;
  }

  /** A redelivery means that an instance had it before and may have finished. */
  async #isHandled(work: Work): Promise<boolean> {
    const { handled } = this.#options;
    if (handled.has(work.id)) return true;
    if (work.retryCount > 0 || work.isDoubtful) await handled.refresh(work.queuedAt);
    else if (this.#informed !== INFORMED) await this.#inform(work.queuedAt);
    return handled.has(work.id);
  }

  /** Another instance handles a copy of it. What becomes of that decides; others are handled meanwhile. */
  async #waitForCopy(work: Work): Promise<void> {
    this.#pump().releaseSlot(work);
    this.#pump().run();
    this.#breaker.gaveUp();
    const { handled } = this.#options;
    // The other one may have died: the server has taken the message back by then.
    const enough = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(Math.ceil(this.#pump().time))]);
    const takenOver = await waitForCopy(work, handled, enough);
    if (handled.has(work.id)) return this.#endings.duplicate(work);
    if (takenOver === undefined || this.#stopping.signal.aborted) return this.#endings.giveBack(work);
    work.settlement.leave(takenOver);
    this.#endings.giveBack(work);
    this.#pump().add(takenOver);
  }

  /** The first message of a connection asks for all. */
  async #inform(since: Date | undefined): Promise<void> {
    const asking = (this.#informed ??= this.#options.handled.refresh(since));
    try {
      await asking;
      if (this.#informed === asking) this.#informed = INFORMED;
    } catch (error) {
      if (this.#informed === asking) this.#informed = undefined;
      throw error;
    }
  }

  async #attempt(work: Work): Promise<void> {
    const { handle, handled, report } = this.#options;
    const begun = this.#environment.now();
    const past = this.#failures.of(work.id);
    const history = failureHistoryOf(work.metadata);
    past.delayed = history.delayedRetries;
    past.replays = history.replays;
    past.firstFailedAt ??= history.firstFailedAt;
    for (let again = false; ; again = true) {
      // One that fails at once each time must not keep the process from all else.
      if (again) await turn();
      const signal = work.beginAttempt(this.#environment.now(), this.#timeLimit);
      const isRedelivery =
        again ||
        work.retryCount > 0 ||
        past.immediate > 0 ||
        past.delayed > 0 ||
        past.replays > 0 ||
        history.unknownTypeRetries > 0;
      try {
        await handle(work, {
          number: past.immediate + 1,
          delayedRetries: past.delayed,
          isRedelivery,
          signal,
          items: past.items,
          mayRepeat: () => isRedelivery || work.isDoubtful || !this.#isUndisputed(work),
          confirm: () => this.#confirm(work),
          storing: () => this.#pump().storing(work),
        });
        work.endAttempt();
        handled.add(work.id);
        this.#endings.ack(work);
        const milliseconds = this.#environment.now() - begun;
        this.#pump().handled(milliseconds);
        const { context } = work;
        const criticalTime = this.#criticalTimeOf(work);
        return report({ kind: "handled", context, attempts: past.immediate + 1, milliseconds, criticalTime });
      } catch (error) {
        const { isTimedOut } = work;
        work.endAttempt();
        if (isHandledElsewhere(error)) return this.#endings.duplicate(work);
        if (this.#waitsForNobody?.aborted === true) return;
        // A call that was cut by the signal looks as if a server were away.
        const isAway = !isTimedOut && classify(error) === "server away";
        const goesOn = isAway ? await this.#waitForServer(work, error) : await this.#afterFailure(work, past, error);
        if (!goesOn) return;
      }
    }
  }

  /** @returns whether to try again. */
  async #waitForServer(work: Work, error: unknown): Promise<boolean> {
    const retryIn = this.#breaker.failed();
    if (retryIn !== undefined) this.#options.report({ kind: "paused", context: work.context, error, retryIn });
    // Its slot first: those that hold the slots may be the ones that wait for their turn.
    await this.#pump().handlesAgain(work);
    await this.#breaker.turn(this.#stopping.signal);
    return this.#retryOrGiveBack(work);
  }

  /** @returns whether to try again. */
  async #afterFailure(work: Work, past: PastFailures, error: unknown): Promise<boolean> {
    const { report, onError, component } = this.#options;
    const { context } = work;
    past.immediate += 1;
    past.firstFailedAt ??= this.#environment.date();
    this.#failures.keep(work.id, past);
    report({ kind: "failed", context, attempt: past.immediate, error });
    const failure: FailedAttempt = {
      event: work.event,
      metadata: work.metadata,
      context,
      error,
      immediateFailures: past.immediate,
      delayedRetries: past.delayed,
      unknownTypeRetries: unknownTypeRetriesOf(work.metadata),
      replays: past.replays,
      firstFailedAt: past.firstFailedAt,
      items: past.items,
    };
    let result: ErrorResult;
    try {
      result = await onError(failure);
    } catch (thrown) {
      const problem = `The error policy of ${component} has failed for message ${work.id}.`;
      report({ kind: "critical", context, problem, error: thrown });
      await this.#endings.giveBackLater(work, thrown);
      return false;
    }
    this.#endings.succeeded(work);
    return this.#apply(work, failure, result);
  }

  /** @returns whether to try again. */
  async #apply(work: Work, failure: FailedAttempt, result: ErrorResult): Promise<boolean> {
    const { context, error, immediateFailures: attempts } = failure;
    switch (result.action) {
      case "retry":
        await this.#pump().handlesAgain(work);
        if (!this.#retryOrGiveBack(work)) return false;
        this.#options.report({ kind: "retried", context, attempts, error });
        return true;
      case "retry after":
        await this.#endings.delay(work, failure, result.milliseconds);
        return false;
      case "park":
        await this.#endings.park(work, attempts, error, result.headers);
        return false;
      case "handled":
      case "discard": {
        this.#options.handled.add(work.id);
        this.#endings.ack(work);
        const kind = result.action === "discard" ? "discarded" : "handled by policy";
        this.#options.report({ kind, context, attempts, error });
        return false;
      }
    }
  }

  /**
   * The handler has ended well, perhaps late. When its time is over the server has handed the message out again: what another instance
   * has stored for it decides. So does, in time, what one that had it before has told meanwhile.
   */
  async #confirm(work: Work): Promise<void> {
    const { handled } = this.#options;
    this.#waitsForNobody?.throwIfAborted();
    if (!handled.has(work.id)) {
      if (this.#isUndisputed(work)) return;
      await handled.refresh(work.queuedAt);
    }
    if (handled.has(work.id)) throw new HandledElsewhere(work.id);
    this.#waitsForNobody?.throwIfAborted();
  }

  /** Milliseconds since it was sent or due, by two clocks that may differ. */
  #criticalTimeOf({ context: { sentAt, dueAt = sentAt } }: Work): number | undefined {
    return dueAt && Math.max(0, this.#environment.date().getTime() - dueAt.getTime());
  }

  #isUndisputed(work: Work): boolean {
    return work.settlement.isUndisputed(this.#environment.now());
  }

  /** @returns whether to try again; where it may not be, it is given back. */
  #retryOrGiveBack(work: Work): boolean {
    const isLeft = this.#stopping.signal.aborted || work.settlement.isOver(this.#environment.now());
    if (!isLeft && !this.#isExpired(work)) return true;
    this.#endings.giveBack(work);
    return false;
  }

  /** What nobody may handle any more is dropped, also between two attempts. */
  #isExpired({ metadata }: Work): boolean {
    const over = discardAfterOf(metadata);
    return over !== undefined && over < this.#environment.date();
  }
}

/** Anything can be thrown, a proxy that throws when it is asked what it is among them. */
function isHandledElsewhere(error: unknown): boolean {
  try {
    return error instanceof HandledElsewhere;
  } catch {
    return false;
  }
}

/** Nothing has to be asked before a message of this connection is begun. */
const INFORMED = Promise.resolve();
