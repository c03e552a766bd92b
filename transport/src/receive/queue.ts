import type { Environment } from "../store/environment.ts";
import type { QueueAddress } from "../store/queue-address.ts";
import type { Store } from "../store/store.ts";
import { type Opening, QueueLine } from "./queue-line.ts";
import type { QueueListener } from "./queue-listener.ts";

/** Milliseconds in which the first connection must stand: as long as the client waits for the answer to a call. */
const OPENING_LIMIT = 10_000;

/**
 * A component's queue, as one process receives from it. The server fixes for each connection how many messages it hands out at once; so
 * the queue has a line beside the first for more, and another line in place of all for fewer.
 */
export class Queue {
  readonly #store: Pick<Store, "consume">;
  readonly #address: QueueAddress;
  readonly #listener: QueueListener;
  readonly #environment: Environment;
  readonly #lines = new Set<QueueLine>();
  #isClosed = false;

  constructor(store: Pick<Store, "consume">, address: QueueAddress, listener: QueueListener, environment: Environment) {
    this.#store = store;
    this.#address = address;
    this.#listener = listener;
    this.#environment = environment;
  }

  /**
   * Connects. A server that is away, silent or without a leader is tried again for {@link OPENING_LIMIT}.
   * @param slots messages handed out at once.
   * @throws ServerUnreachable, AccessRefused, and what else the server answers, such as that there is no such group.
   */
  async open(slots: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#add(slots, { givesUpAt: this.#environment.now() + OPENING_LIMIT, resolve, reject });
    await promise;
  }

  /**
   * Has so many messages handed out at once from now on. Where these are fewer than before, nothing more is wanted from the
   * connections there are; each is closed when all that was begun of it is settled. 0: nothing at all.
   */
  resize(slots: number): void {
    if (this.#isClosed) return;
    const wanted = [...this.#lines].filter((line) => line.isWanted);
    const before = wanted.reduce((sum, line) => sum + line.slots, 0);
    if (slots > before) this.#add(slots - before);
    if (slots >= before) return;
    if (slots > 0) this.#add(slots);
    for (const line of wanted) line.retire();
  }

  /** Disconnects, behind all settlements. What is not settled is handed out again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#lines].map((line) => line.close()));
  }

  /** Gives up before it has ever connected only where someone waits for that. */
  #add(slots: number, opening?: Opening): void {
    const line = new QueueLine(this.#store, this.#address, slots, this.#listener, this.#environment);
    this.#lines.add(line);
    void line.run(opening).then(() => this.#lines.delete(line));
  }
}
