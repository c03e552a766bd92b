import type { Arrival } from "./arrival.ts";

/**
 * The settlement of one message: of all deliveries of it that have come while it was in this process. It settles once, and only
 * what the server has not taken back meanwhile.
 */
export class Settlement {
  readonly #time: number;
  readonly #eventId: string;
  #arrivals: Arrival[];
  #hasComeAgain = false;

  /** @param time milliseconds after which the server takes a delivery back. */
  constructor(first: Arrival, time: number) {
    this.#arrivals = [first];
    this.#time = time;
    this.#eventId = first.event.id;
  }

  /** The delivery that will be the last to be taken back. */
  get latest(): Arrival | undefined {
    return this.#arrivals.at(-1);
  }

  /** A further delivery of the same message: settled with the others. One of the same link takes the place of the one before. */
  join(arrival: Arrival): void {
    this.#arrivals = this.#arrivals.filter(({ delivery }) => {
      const replaced = delivery.linkId === arrival.delivery.linkId;
      if (replaced) delivery.drop();
      this.#hasComeAgain ||= replaced;
      return !replaced;
    });
    this.#arrivals.push(arrival);
  }

  /** All deliveries of it, the last one at the end. */
  get arrivals(): readonly Arrival[] {
    return this.#arrivals;
  }

  /** The delivery has a life of its own from here on. */
  leave(arrival: Arrival): void {
    this.#arrivals = this.#arrivals.filter((one) => one !== arrival);
  }

  /** No delivery of it is this process's any more: another instance may have the message. */
  isOver(now: number): boolean {
    return !this.#arrivals.some((arrival) => this.#isOurs(arrival, now));
  }

  /** Nobody else can have had it since it was begun. */
  isUndisputed(now: number): boolean {
    return !this.#hasComeAgain && !this.isOver(now);
  }

  /** Handled, under whichever delivery: that is true whoever has it by now, and of every copy. */
  ack(): void {
    for (const { delivery } of this.#take()) delivery.ack();
  }

  /** Dealt with, but not handled: that is true of this event alone. */
  ackEvent(now: number): void {
    for (const { delivery } of this.#takeEvent(now)) delivery.ack();
  }

  /** To be handed out again. */
  giveBack(now: number): void {
    for (const arrival of this.#take()) {
      if (this.#isOurs(arrival, now)) arrival.delivery.giveBack();
      else arrival.delivery.drop();
    }
  }

  /**
   * Puts the message aside once; other links to it are done with.
   * @returns false where no delivery is this process's any more, and nothing is put aside: the message comes again.
   */
  park(reason: string, now: number): boolean {
    const arrivals = this.#takeEvent(now);
    const parked = arrivals.findLast((arrival) => this.#isOurs(arrival, now) && arrival.delivery.park(reason));
    for (const arrival of arrivals) {
      if (arrival === parked) continue;
      if (parked === undefined) arrival.delivery.drop();
      else arrival.delivery.ack();
    }
    return parked !== undefined;
  }

  /** Leaves what the server has taken back, so that its connection can be closed; what comes again joins. */
  forgetOver(now: number): void {
    for (const arrival of this.#arrivals) if (!this.#isOurs(arrival, now)) arrival.delivery.drop();
  }

  #isOurs({ delivery, since }: Arrival, now: number): boolean {
    return delivery.isLive() && now - since < this.#time;
  }

  /**
   * The deliveries of the event that is handled. What else came under the same id are copies for a retry, in a life of their own:
   * settled with it they would be lost, since a copy that is made again is recognized and not made. They come again.
   */
  #takeEvent(now: number): readonly Arrival[] {
    const arrivals = this.#take();
    const copies = arrivals.filter(({ event }) => event.id !== this.#eventId);
    for (const copy of copies) {
      if (this.#isOurs(copy, now)) copy.delivery.giveBack();
      else copy.delivery.drop();
    }
    return arrivals.filter((arrival) => !copies.includes(arrival));
  }

  #take(): readonly Arrival[] {
    const arrivals = this.#arrivals;
    this.#arrivals = [];
    return arrivals;
  }
}
