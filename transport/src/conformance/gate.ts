/** Lets handlers wait until a case lets them go on. */
export interface Gate {
  /** Settles when the gate is open, or one of those who wait is let through. */
  pass(): Promise<void>;
  /** Lets those through who wait longest, and as many of those who come later as are missing. */
  let(count: number): void;
  open(): void;
}

export function gate(): Gate {
  const waiting: (() => void)[] = [];
  let permits = 0;
  return Object.freeze({
    pass: () =>
      new Promise<void>((resolve) => {
        if (permits > 0) {
          permits -= 1;
          resolve();
        } else waiting.push(resolve);
      }),
    let(count: number) {
      const through = waiting.splice(0, count);
      permits += count - through.length;
      for (const resolve of through) resolve();
    },
    open() {
      permits = Number.POSITIVE_INFINITY;
      for (const resolve of waiting.splice(0)) resolve();
    },
  });
}
