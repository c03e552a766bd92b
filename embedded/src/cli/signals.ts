/** What a shell calls it when a command was ended by Ctrl-C. */
export const CANCELLED = 130;

/** Resolves with the first signal to stop. Who sends a second one does not want to wait. */
export function firstSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isAsked = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isAsked) process.exit(1);
      isAsked = true;
      resolve(signal);
    });
  }
  // Another program has started this one with a channel to itself, and has closed it or is gone: the terminal has hung up.
  process.once("disconnect", () => resolve("SIGHUP"));
  return promise;
}

/** Aborted by the first signal to stop. */
export function cancellation(): AbortSignal {
  const controller = new AbortController();
  void firstSignal().then(() => controller.abort());
  return controller.signal;
}

/** The outcome of work, or a rejection as soon as it is cancelled: what the work waits for may never come. */
export async function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Nobody hears how work ends that was given up.
  work.catch(() => {});
  signal.throwIfAborted();
  const { promise: cancelled, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason));
  return Promise.race([work, cancelled]);
}
