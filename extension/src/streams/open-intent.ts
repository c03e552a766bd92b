/** Two clicks on one row within this time are a double click. */
const DOUBLE_CLICK_MS = 500;

/**
 * Whether who has clicked a row of a tree wants to look at it, or to open it. VS Code tells of each click alike, of both
 * that make a double click, and of Enter as of a click.
 */
export class OpenIntent {
  readonly #now: () => number;
  #last: { readonly key: string; readonly at: number } | undefined;
  #enteredAt = Number.NEGATIVE_INFINITY;

  /** @param now in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Enter was pressed: what is told of next is opened by it. */
  entered(): void {
    this.#enteredAt = this.#now();
  }

  /** Asked once for each time that VS Code tells of a row. */
  of(key: string): "look" | "open" {
    const at = this.#now();
    const isSecond = this.#last?.key === key && at - this.#last.at < DOUBLE_CLICK_MS;
    const isEntered = at - this.#enteredAt < DOUBLE_CLICK_MS;
    this.#enteredAt = Number.NEGATIVE_INFINITY;
    this.#last = isSecond ? undefined : { key, at };
    return isSecond || isEntered ? "open" : "look";
  }
}
