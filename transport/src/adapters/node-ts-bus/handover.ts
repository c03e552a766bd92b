import type { Delivery } from "./delivery.ts";

/** Lets the bus pull what the transport pushes: deliveries wait for readers, and readers for deliveries. */
export class Handover {
  readonly #waiting: Delivery[] = [];
  readonly #readers: ((delivery: Delivery | undefined) => void)[] = [];
  #isOpen = false;

  open(): void {
    this.#isOpen = true;
  }

  /** Sends all readers home, those who come later too, and gives back what none has taken. */
  close(): void {
    this.#isOpen = false;
    for (const reader of this.#readers.splice(0)) reader(undefined);
    for (const delivery of this.#waiting.splice(0)) giveBack(delivery);
  }

  offer(delivery: Delivery): void {
    if (!this.#isOpen) return giveBack(delivery);
    const reader = this.#readers.shift();
    if (reader !== undefined) return reader(delivery);
    this.#waiting.push(delivery);
    // Its time ran out before anybody has taken it, or the server is to have it back.
    delivery.signal.addEventListener("abort", () => this.#withdraw(delivery), { once: true });
  }

  /** The next delivery, whenever it comes; undefined when it is closed. */
  take(): Promise<Delivery | undefined> {
    const delivery = this.#waiting.shift();
    if (delivery !== undefined || !this.#isOpen) return Promise.resolve(delivery);
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  #withdraw(delivery: Delivery): void {
    const index = this.#waiting.indexOf(delivery);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    giveBack(delivery);
  }
}

/** While the transport stops, whoever receives next gets it. */
const giveBack = (delivery: Delivery): void => delivery.returned({ action: "retry" });
