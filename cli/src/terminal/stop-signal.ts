import { EXIT } from "../command-line/exit-code.ts";

/** Aborted by the first Ctrl-C. Who presses it a second time does not want to wait. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.stopped);
      controller.abort();
    });
  }
  return controller.signal;
}

/** The outcome of work, or a rejection as soon as it is stopped: what it only waits for may never come. */
export async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Nobody hears how work ends that was given up.
  work.catch(() => {});
  signal.throwIfAborted();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
