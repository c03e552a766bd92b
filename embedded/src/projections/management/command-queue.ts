/** One command's time with a projection. */
export interface Turn {
  /** Another command has taken over. */
  readonly isOver: boolean;
  /** Throws where another command has taken over meanwhile: after every wait. */
  check(): void;
  /** Lets the next command begin although this one waits on: it may wait for ever. */
  letOthersPass(): void;
}

interface Current {
  readonly takeOver: () => void;
}

/**
 * Carries out the commands on one projection one after the other. A command that has let others pass, or that an urgent one
 * overtakes, fails with what `overtaken` makes.
 */
export class CommandQueue {
  readonly #overtaken: () => Error;
  #last: Promise<void> = Promise.resolve();
  #current: Current | undefined;
  #cutOff = 0;
  #count = 0;

  constructor(overtaken: () => Error) {
    this.#overtaken = overtaken;
  }

  /** Carries out `work` when those before are done. */
  async run<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
    const number = this.#count++;
    const released = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = released.promise;
    await before;
    if (number < this.#cutOff) {
      released.resolve();
      throw this.#overtaken();
    }
    return this.#carryOut(work, released.resolve);
  }

  /** Carries out `work` at once, instead of all that wait or are under way. */
  async runUrgently<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
    this.#cutOff = this.#count;
    this.#current?.takeOver();
    return this.run(work);
  }

  async #carryOut<T>(work: (turn: Turn) => Promise<T>, release: () => void): Promise<T> {
    // Whoever has let this one pass has waited long enough.
    this.#current?.takeOver();
    const overtaking = Promise.withResolvers<never>();
    overtaking.promise.catch(() => {});
    let isOver = false;
    const current: Current = {
      takeOver: () => {
        isOver = true;
        overtaking.reject(this.#overtaken());
        release();
      },
    };
    this.#current = current;
    const turn: Turn = {
      get isOver() {
        return isOver;
      },
      check: () => {
        if (isOver) throw this.#overtaken();
      },
      letOthersPass: release,
    };
    const working = work(turn);
    working.catch(() => {});
    try {
      return await Promise.race([working, overtaking.promise]);
    } finally {
      if (this.#current === current) this.#current = undefined;
      release();
    }
  }
}
