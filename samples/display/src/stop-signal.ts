/** Ctrl-C reaches this process from the terminal, and again through each npm in front of it: all within this many milliseconds. */
const ONE_KEYSTROKE = 500;
const LOOK_FOR_PARENT = 500;

/**
 * Aborted by the first SIGINT or SIGTERM. Who sends a second one does not want to wait: it ends the process at once.
 * The same where npm started this process and was killed: whoever did so cannot know of this one, which holds the data directory.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let first: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      const now = performance.now();
      first ??= now;
      if (now - first > ONE_KEYSTROKE) process.exit(1);
      stop.abort(new Error(`Stopped by ${signal}.`));
    });
  }
  if (process.env["npm_lifecycle_event"] !== undefined) {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) process.exit(1);
    }, LOOK_FOR_PARENT).unref();
  }
  return stop.signal;
}
