/** What a shell calls it when a command was ended by Ctrl-C. */
export const CANCELLED = 130;

/** What ends a program: a person, whoever supervises it, and a terminal that hangs up. */
const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Resolves with the first signal to stop, one of those. Who sends a second one does not want to wait. */
export function firstSignal(signals: readonly NodeJS.Signals[] = ENDING): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isAsked = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (isAsked) process.exit(1);
      isAsked = true;
      resolve(signal);
    });
  }
  // Another program has started this one with a channel to itself, and has closed it or is gone, as a terminal that hangs up.
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
