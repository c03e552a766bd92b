import { setTimeout as sleep } from "node:timers/promises";
import { type Sender, ServerUnreachable, startSender } from "@sluice/transport";
import type { Sent } from "./settled.ts";
import { Receipt, Take } from "./system.ts";

const POISON_EVERY = 20;
const ASK_EVERY = 9;
/** Milliseconds; long after everything is well again. */
const ASK_TIMEOUT = 300_000;
/** Orders on their way to the server at once. */
const IN_FLIGHT = 6;

/** Sends orders, each until it is acknowledged, and remembers them. */
export class Traffic implements AsyncDisposable {
  readonly sent: Sent[] = [];
  /** What senders were told that they should not have been. */
  readonly failures: string[] = [];
  readonly #random: () => number;
  readonly #same: Sender;
  readonly #other: Sender;
  readonly #asked: Promise<void>[] = [];
  #next = 0;

  private constructor(random: () => number, same: Sender, other: Sender) {
    this.#random = random;
    this.#same = same;
    this.#other = other;
  }

  /** @param random for the ids of the orders. */
  static async start(connectionString: string, random: () => number): Promise<Traffic> {
    const same = await startSender("shop", { connectionString });
    return new Traffic(random, same, await startSender("backoffice", { connectionString }));
  }

  async send(count: number): Promise<void> {
    const orders = Array.from({ length: count }, () => this.#order());
    const next = async (): Promise<void> => {
      for (let order = orders.shift(); order !== undefined; order = orders.shift()) await this.#first(order);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, next));
  }

  /** Under the ids that they had, by the same sender or by another. */
  async sendAgain(since: "just now" | "the beginning", by: "same" | "other", count: number): Promise<void> {
    // One who asked may still wait for the answer, and the repeat would name nobody to answer.
    const known = this.sent.filter(({ isAcknowledged, replies }) => isAcknowledged && replies === "to audit");
    const again = since === "the beginning" ? known.slice(0, count) : known.slice(-count);
    for (const order of again) await this.#untilStored(by === "same" ? this.#same : this.#other, order);
  }

  /** Resolves when all who asked have been answered, or told that they are not. */
  async answered(): Promise<void> {
    await Promise.all(this.#asked);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#same.stop(), this.#other.stop()]);
  }

  #order(): Sent {
    const n = this.#next++;
    const hex = Array.from({ length: 32 }, () => Math.floor(this.#random() * 16).toString(16)).join("");
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    const isPoison = n % POISON_EVERY === POISON_EVERY - 1;
    const replies = !isPoison && n % ASK_EVERY === 0 ? "to the asker" : "to audit";
    return { n, id, isPoison, replies, isAcknowledged: false };
  }

  async #first(order: Sent): Promise<void> {
    const place = this.sent.push(order) - 1;
    const acknowledged = (known: Partial<Sent> = {}): void => {
      this.sent[place] = { ...order, ...known, isAcknowledged: true };
    };
    if (order.replies === "to the asker") this.#asked.push(this.#ask(order).then(acknowledged));
    else await this.#untilStored(this.#same, order).then(() => acknowledged());
  }

  async #ask(order: Sent): Promise<Partial<Sent>> {
    const { n, id } = order;
    try {
      await this.#same.ask(Take, { n, poison: false }, Receipt, { id, timeout: ASK_TIMEOUT });
      return {};
    } catch (error) {
      if (!(error instanceof ServerUnreachable)) {
        this.failures.push(`ask of chaos.Take ${n}: ${String(error)}`);
        return {};
      }
      await this.#untilStored(this.#same, order);
      return { replies: "to either" };
    }
  }

  async #untilStored(sender: Sender, { n, id, isPoison: poison }: Sent): Promise<void> {
    for (;;) {
      try {
        await sender.send(Take, { n, poison }, { id, replyTo: "audit" });
        return;
      } catch (error) {
        if (!(error instanceof ServerUnreachable)) {
          this.failures.push(`send of chaos.Take ${n}: ${String(error)}`);
          return;
        }
        await sleep(50);
      }
    }
  }
}
