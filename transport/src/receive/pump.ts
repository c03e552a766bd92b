import type { Environment } from "../store/environment.ts";
import type { Arrival } from "./arrival.ts";
import type { Breaker } from "./breaker.ts";
import type { HandlerTimedOut } from "./handler-timed-out.ts";
import { InFlight } from "./in-flight.ts";
import { Lanes } from "./lanes.ts";
import { Prefetch } from "./prefetch.ts";
import { Pulse } from "./pulse.ts";
import type { Solitude } from "./solitude.ts";
import { Work } from "./work.ts";

/** What a pump needs to know. */
export interface PumpOptions {
  /** Milliseconds after which the server takes back what is not settled. */
  readonly messageTimeout: number;
  readonly breaker: Breaker;
  readonly solitude: Solitude;
  /** Messages are of lanes: what is left to others comes again behind what was sent after it. */
  readonly keepsOrder: boolean;
  /** Handles a message from its beginning to its settlement. Never rejects. */
  readonly handle: (work: Work) => Promise<void>;
  readonly timedOut: (work: Work, error: HandlerTimedOut) => void;
  /** Told how many messages are to be handed out at once from now on. */
  readonly want: (slots: number) => void;
}

/** Milliseconds that a message waits to be begun, at most, before what waits is left to other instances, where order is not kept. */
const PATIENCE = 1_000;
/** Messages that may wait for what was sent to be stored, for each that is handled at once. */
const STORING = 2;

/** Begins messages: as many at once as the limit allows, those of one lane one after the other. */
export class Pump {
  readonly #options: PumpOptions;
  readonly #environment: Pick<Environment, "now">;
  readonly #margin: number;
  readonly #inFlight = new InFlight();
  readonly #waiting = new Lanes();
  readonly #prefetch: Prefetch;
  readonly #pulse: Pulse;
  #limit: number;
  #wanted: number;
  #running = 0;
  /** Those whose handlers have ended well, and whose messages are being stored: others are begun meanwhile. */
  readonly #storing = new Set<Work>();
  /** Those of them that are to be handled again, and wait for a slot. */
  readonly #returning: (() => void)[] = [];
  readonly #stopping = new AbortController();

  constructor(options: PumpOptions, limit: number, environment: Pick<Environment, "now">) {
    const { messageTimeout, keepsOrder } = options;
    this.#options = options;
    this.#environment = environment;
    this.#margin = Math.min(1_000, messageTimeout / 10);
    this.#prefetch = new Prefetch(keepsOrder ? messageTimeout / 2 : Math.min(PATIENCE, messageTimeout / 4));
    this.#limit = limit;
    this.#wanted = this.#prefetch.wanted(limit, 0);
    const period = Math.min(500, Math.max(10, messageTimeout / 60));
    this.#pulse = new Pulse(period, environment, (now) => this.#look(now));
  }

  /** Messages to be handed out at once. */
  get wanted(): number {
    return this.#wanted;
  }

  /** Milliseconds that a delivery is this process's, to be on the safe side. */
  get time(): number {
    return this.#options.messageTimeout - this.#margin;
  }

  /** When the process was last seen running; undefined while it has nothing in hand. */
  get seen(): number | undefined {
    return this.#pulse.seen;
  }

  add(arrival: Arrival): void {
    this.#pulse.start();
    // What is in hand is never begun, nor parked, beside its handling, however often the server has lost patience with it.
    if (this.#inFlight.joins(arrival)) return;
    this.#waiting.push(arrival);
    this.run();
  }

  setLimit(limit: number): void {
    this.#limit = limit;
    this.#adapt();
    this.run();
  }

  /** A message was handled in so many milliseconds. */
  handled(milliseconds: number): void {
    this.#prefetch.handled(milliseconds);
  }

  /** The message is about to be settled: nothing joins it any more. */
  settling(work: Work): void {
    this.#inFlight.remove(work);
  }

  /** Settles when nothing is handled beside it in this process; or with false when it is to be begun no more. */
  async beAlone(work: Work): Promise<boolean> {
    const { solitude } = this.#options;
    solitude.leave();
    const isAlone = await solitude.enterAlone(this.#stopping.signal);
    // Those who end it leave once more.
    if (!isAlone) work.leaveSolitude();
    return isAlone && !work.settlement.isOver(this.#environment.now());
  }

  /**
   * Its handler has ended well, and what it sent is on its way to the server: another handler need not wait for the disk. Not where
   * messages are handled one after the other, since each may count on what the one before has sent; nor one that was handed out before,
   * which may have to be alone.
   */
  storing(work: Work): void {
    if (this.#limit === 1 || this.#storing.size >= STORING * this.#limit || !work.holdsSlot || work.retryCount > 0)
      return;
    this.#storing.add(work);
    this.#running -= 1;
    this.run();
  }

  /**
   * What it sent could not be stored, and it is to be handled again. Settles when it has a slot. Whoever holds one may wait until
   * nobody else is inside, so it is not inside meanwhile.
   */
  async handlesAgain(work: Work): Promise<void> {
    if (!this.#storing.delete(work)) return;
    if (work.leaveSolitude()) this.#options.solitude.leave();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#returning.push(() => {
      work.enterSolitude();
      resolve();
    });
    this.run();
    await promise;
  }

  /** Others are begun in its place, though it is still in hand. */
  releaseSlot(work: Work): void {
    if (!work.releaseSlot()) return;
    if (!this.#storing.delete(work)) this.#running -= 1;
    if (work.leaveSolitude()) this.#options.solitude.leave();
  }

  /** Begins nothing more and leaves to others what waits. */
  close(): void {
    this.#stopping.abort();
    this.#options.want(0);
    this.#returnUnwanted();
  }

  /** Waits for what is in hand; once `deadline` is aborted, aborts the signals of all and waits for nobody. */
  async drain(deadline: AbortSignal): Promise<void> {
    await this.#inFlight.drain(deadline);
    this.#pulse.stop();
  }

  /** Begins what can be begun. */
  readonly run = (): void => {
    const { breaker, solitude } = this.#options;
    for (; this.#running < this.#limit && this.#returning.length > 0; this.#running += 1) {
      if (!solitude.enter(this.run)) return;
      this.#returning.shift()?.();
    }
    while (!this.#stopping.signal.aborted && this.#running < this.#limit && breaker.allows) {
      const next = this.#waiting.head;
      if (next === undefined) break;
      if (this.#isToBeBegun(next)) {
        if (!solitude.enter(this.run)) return;
        this.#waiting.take();
        this.#begin(next);
      } else {
        this.#waiting.take();
        this.#waiting.leave(next.lane);
      }
    }
  };

  #isToBeBegun(arrival: Arrival): boolean {
    const { delivery, since } = arrival;
    if (delivery.isLive() && this.#environment.now() - since < this.time) return !this.#inFlight.joins(arrival);
    // After its time the server has taken it back, and after a drop too: another instance may have it by now.
    delivery.drop();
    return false;
  }

  #begin(arrival: Arrival): void {
    const work = new Work(arrival, this.time);
    this.#running += 1;
    this.#options.breaker.begun();
    this.#inFlight.add(work);
    void this.#options.handle(work).finally(() => {
      this.#inFlight.remove(work);
      this.releaseSlot(work);
      this.#waiting.leave(work.lane);
      this.run();
    });
  }

  /** Looks after what is in hand. @returns whether there is anything. */
  #look(now: number): boolean {
    for (const work of this.#inFlight) {
      const seen = work.look(now, this.#margin);
      if (seen === "left alone") {
        this.releaseSlot(work);
        this.#options.breaker.gaveUp();
      } else if (seen !== undefined) this.#options.timedOut(work, seen);
      if (!work.holdsSlot) work.settlement.forgetOver(now);
    }
    // The server takes them back now, and hands them out again.
    for (const { delivery } of this.#waiting.takeAll(({ since }) => now - since >= this.time)) delivery.drop();
    const oldest = this.#waiting.head;
    this.#prefetch.look(oldest && now - oldest.since, this.#running < this.#limit);
    this.#adapt();
    this.run();
    return this.#inFlight.size > 0 || this.#waiting.size > 0;
  }

  #adapt(): void {
    if (this.#stopping.signal.aborted) return;
    let leftAlone = 0;
    // Those that are begun of connections to be closed are as good as handed out by the new ones.
    let onOld = 0;
    for (const { holdsSlot, settlement } of this.#inFlight) {
      if (!holdsSlot) leftAlone += 1;
      if (settlement.latest?.delivery.isWanted() === false) onOld += 1;
    }
    const wanted = Math.max(0, this.#prefetch.wanted(this.#limit, leftAlone) - onOld);
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#options.want(wanted);
    this.#returnUnwanted();
  }

  #returnUnwanted(): void {
    const now = this.#environment.now();
    const isUnwanted = ({ delivery }: Arrival): boolean => this.#stopping.signal.aborted || !delivery.isWanted();
    for (const { delivery, since } of this.#waiting.takeAll(isUnwanted)) {
      if (now - since < this.time) delivery.giveBack();
      else delivery.drop();
    }
  }
}
