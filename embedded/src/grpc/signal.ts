/** Lets one loop sleep until something may have changed. A change that comes before the sleep is not missed. */
export class Signal {
  #raised = false;
  #wake: (() => void) | undefined;

  /** Bound, so that it can be handed out as a callback. */
  readonly raise = (): void => {
    this.#raised = true;
    this.#wake?.();
    this.#wake = undefined;
  };

  /** To be called before looking at what may change. */
  clear(): void {
    this.#raised = false;
  }

  /** Resolves once raised since {@link clear}. */
  async raised(): Promise<void> {
    if (this.#raised) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}
