/**
 * Lets one message be handled with nothing beside it in this process: what may end the process is to take nobody with it. Who wants
 * to be alone waits until the others have ended, and meanwhile nobody else begins.
 */
export class Solitude {
  #inside = 0;
  /** Those who want to be alone, first come first. */
  readonly #wanting = new Set<() => void>();
  #isAlone = false;
  /** Those who wait until nobody is, nor wants to be, alone. */
  readonly #waiting = new Set<() => void>();

  /** @param again called when it is worth another try. @returns whether the caller may begin. */
  enter(again: () => void): boolean {
    if (this.#isAlone || this.#wanting.size > 0) {
      this.#waiting.add(again);
      return false;
    }
    this.#inside += 1;
    return true;
  }

  /** Settles when the caller, who must not be inside, is inside alone; or with false when the signal is aborted before. */
  async enterAlone(signal: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const enter = (): void => {
      this.#wanting.delete(enter);
      this.#inside = 1;
      this.#isAlone = true;
      resolve(true);
    };
    const giveUp = (): void => {
      if (!this.#wanting.delete(enter)) return;
      resolve(false);
      this.#wake();
    };
    this.#wanting.add(enter);
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    else this.#wake();
    const entered = await promise;
    signal.removeEventListener("abort", giveUp);
    return entered;
  }

  leave(): void {
    this.#inside -= 1;
    this.#wake();
  }

  #wake(): void {
    if (this.#inside > 0) {
      // Where nobody wants to be alone any more, others need not wait for those inside.
      if (this.#isAlone || this.#wanting.size > 0) return;
    } else {
      this.#isAlone = false;
      const [first] = this.#wanting;
      if (first !== undefined) return first();
    }
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const again of waiting) again();
  }
}

const processes = new WeakMap<object, Solitude>();

/** Of all receivers of a process: what ends it ends all of them. */
export function solitudeOf(process: object): Solitude {
  const known = processes.get(process) ?? new Solitude();
  processes.set(process, known);
  return known;
}
