/** Milliseconds between two looks at how long the server has been silent. */
const TICK = 500;
/** Looks in a row that found nothing heard, after which the server is asked whether it is there. */
const SILENT_TICKS = 4;
/**
 * The same where another connection hears the server: then it is there, and this connection asks only because it might stand to a
 * node that is not the leader any more.
 */
const SILENT_TICKS_BESIDE_OTHERS = 20;
/** Questions in a row that such a connection asks in vain before its node is given up: a busy server is slow to answer, and no less so anew. */
const QUESTIONS_BESIDE_OTHERS = 2;
/** Milliseconds in which it must answer that. */
const PROBE_LIMIT = 1_500;
/** As many times that limit at most. */
const SLOWEST = 8;
/** Times in a row that no node says anything between being found and being given up, after which that is taken for slowness, too. */
const GIVEN_UP_IN_A_ROW = 3;

/** What a node says when it is asked whether it leads. */
export type Standing = "leads" | "silent" | "leads no more";

/** How often the server was heard on any connection of the process to it. */
export interface Heard {
  times: number;
}

export interface LivenessOptions {
  /** Shared by the connections of a process. */
  readonly heard: Heard;
  /** Whether anything waits for the server now, such as a subscription. */
  readonly isWaited: () => boolean;
  /** Asks the node that the client is connected to. Answers within so many milliseconds. */
  readonly probe: (limit: number) => Promise<Standing>;
  /** The node is silent or leads no more, and the client would stay with it. */
  readonly lost: () => void;
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
}

/**
 * Notices a node that has fallen silent, such as a leader that is frozen: its connection stands, so nothing fails, and the client
 * itself would wait twenty seconds and look for no other node after a deadline (cluster.md). It is asked only where nothing at all has
 * been heard for some time, or something has failed in a way that puts the node in doubt; mostly by one connection of a process.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Looks since something was heard. Time in which this process itself stood still does not count. */
  #ticks = 0;
  /** Looks since anything was heard on any connection, and how often that was so far. */
  #quietTicks = 0;
  #times = 0;
  #hasHeard = false;
  #isAsking = false;
  /** Questions in a row that were not answered. */
  #unanswered = 0;
  #slowness = 1;
  /** Nodes that were given up since one was heard. */
  #givenUp = 0;
  /** Looks since a question was answered or given up. */
  #ticksSinceAsked = 0;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  /**
   * How many times as long as usual the server may take, 1 or more. Where a node answers that was given up, or takes its time for a
   * question, it is slow, or this process is slow to ask; and no less so on a new connection, which would be left again, for ever.
   */
  get slowness(): number {
    return this.#slowness;
  }

  /** Something waits for the server from now on. */
  watch(): void {
    if (this.#timer !== undefined) return;
    this.#ticks = 0;
    this.#quietTicks = 0;
    this.#timer = setInterval(() => this.#look(), TICK).unref();
  }

  /** The server has said something. */
  heard(): void {
    this.#ticks = 0;
    this.#hasHeard = true;
    this.#unanswered = 0;
    this.#options.heard.times += 1;
    if (this.#givenUp === 0) return;
    this.#givenUp = 0;
    this.#slowness = inBounds(2 * this.#slowness);
    // A node that is as quick as usual was found in another's place: the next silence is to be noticed as soon as ever.
    void this.#ask();
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
    const { times } = this.#options.heard;
    this.#quietTicks = times === this.#times ? this.#quietTicks + 1 : 0;
    this.#times = times;
    this.#ticks += 1;
    this.#ticksSinceAsked += 1;
    const isQuickAgain = this.#slowness > 1 && this.#ticksSinceAsked >= SILENT_TICKS_BESIDE_OTHERS;
    if (this.#quietTicks >= SILENT_TICKS || this.#ticks >= SILENT_TICKS_BESIDE_OTHERS || isQuickAgain) void this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#hasHeard = false;
    const { times } = this.#options.heard;
    const begun = this.#options.now();
    const limit = PROBE_LIMIT * this.#slowness;
    let standing = await this.#options.probe(limit);
    // Twice what the answer took.
    if (standing === "leads") this.#slowness = inBounds((2 * (this.#options.now() - begun)) / PROBE_LIMIT);
    if (standing === "silent") {
      // What has come is read before the limit is held against the server.
      await new Promise((resolve) => setTimeout(resolve, TICK).unref());
      const stoodStill = this.#options.now() - begun > limit + 3 * TICK;
      this.#unanswered += 1;
      const mayBeBusy = this.#options.heard.times !== times && this.#unanswered < QUESTIONS_BESIDE_OTHERS;
      if (this.#hasHeard || stoodStill || mayBeBusy) standing = "leads";
    }
    // Asked in vain, it is asked again soon.
    this.#ticks = this.#unanswered > 0 ? SILENT_TICKS_BESIDE_OTHERS - SILENT_TICKS : 0;
    this.#quietTicks = 0;
    this.#ticksSinceAsked = 0;
    this.#isAsking = false;
    if (standing === "leads") return;
    this.#unanswered = 0;
    if (standing === "silent") {
      this.#givenUp += 1;
      if (this.#givenUp % GIVEN_UP_IN_A_ROW === 0) this.#slowness = inBounds(2 * this.#slowness);
    }
    if (this.#options.isWaited()) this.#options.lost();
  }
}

const inBounds = (slowness: number): number => Math.min(Math.max(slowness, 1), SLOWEST);
