import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds between two looks at how long the server has been silent. */
const TICK = 500;
/** Looks in a row that found nothing heard, after which the server is asked whether it is there. */
const SILENT_TICKS = 4;
/** Milliseconds in which it must answer that. */
export const PROBE_LIMIT = 1_500;

/** What a node says when it is asked whether it leads. */
export type Standing = "leads" | "silent" | "leads no more";

export interface LivenessOptions {
  /** Whether anything waits for the server now, such as a subscription. */
  readonly isWaited: () => boolean;
  /** Asks the node that the client is connected to. Answers within {@link PROBE_LIMIT}. */
  readonly probe: () => Promise<Standing>;
  /** The node is silent or leads no more, and the client would stay with it. */
  readonly lost: () => void;
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
}

/**
 * Notices a node that has fallen silent, such as a leader that is frozen: its connection stands, so nothing fails, and the client
 * itself would wait twenty seconds and look for no other node after a deadline (cluster.md). One question for a process, and only
 * where nothing at all has been heard for some time, or something has failed in a way that puts the node in doubt.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Looks since something was heard. Time in which this process itself stood still does not count. */
  #ticks = 0;
  #hasHeard = false;
  #isAsking = false;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  /** Something waits for the server from now on. */
  watch(): void {
    if (this.#timer !== undefined) return;
    this.#ticks = 0;
    this.#timer = setInterval(() => this.#look(), TICK).unref();
  }

  /** The server has said something. */
  heard(): void {
    this.#ticks = 0;
    this.#hasHeard = true;
  }

  /** Something failed as it does on a node that leads no more. */
  suspect(): void {
    void this.#ask();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (!this.#options.isWaited()) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#ticks += 1;
    if (this.#ticks >= SILENT_TICKS) void this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#hasHeard = false;
    const begun = this.#options.now();
    let standing = await this.#options.probe();
    if (standing === "silent") {
      // What has come is read before the limit is held against the server.
      await sleep(TICK, undefined, { ref: false });
      const stoodStill = this.#options.now() - begun > PROBE_LIMIT + 3 * TICK;
      if (this.#hasHeard || stoodStill) standing = "leads";
    }
    this.#ticks = 0;
    this.#isAsking = false;
    if (standing !== "leads" && this.#options.isWaited()) this.#options.lost();
  }
}
