/** Wakes one waiting loop; a wake-up while nobody waits is kept for the next wait. */
export class Signal {
  #isSet = false;
  #wake: (() => void) | undefined;

  set(): void {
    this.#isSet = true;
    this.#wake?.();
  }

  clear(): void {
    this.#isSet = false;
  }

  /** Settles when set, or after `milliseconds`. */
  async wait(milliseconds?: number): Promise<void> {
    if (this.#isSet) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (milliseconds !== undefined) timer = setTimeout(resolve, milliseconds);
    });
    this.#wake = undefined;
    clearTimeout(timer);
  }
}
