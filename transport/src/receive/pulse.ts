import type { Environment } from "../store/environment.ts";

/**
 * One timer for all that a receiver has to look at now and then, while it has something in hand; and so the witness that its process
 * was running: one that is stopped or suspended sees no time pass, and takes what lay in its sockets for new.
 */
export class Pulse {
  readonly #period: number;
  readonly #environment: Pick<Environment, "now">;
  readonly #beat: (now: number) => boolean;
  #timer: NodeJS.Timeout | undefined;
  #seen = 0;

  /** @param beat looks after things, and says whether there is more to come. If not, the timer ends until the next {@link start}. */
  constructor(period: number, environment: Pick<Environment, "now">, beat: (now: number) => boolean) {
    this.#period = period;
    this.#environment = environment;
    this.#beat = beat;
  }

  /** When the process was last seen running; undefined while nobody looks. */
  get seen(): number | undefined {
    return this.#timer === undefined ? undefined : this.#seen;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#seen = this.#environment.now();
    this.#timer = setInterval(() => {
      this.#seen = this.#environment.now();
      if (!this.#beat(this.#seen)) this.stop();
    }, this.#period);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
