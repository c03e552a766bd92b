/** Resolves after so many milliseconds; rejects with the signal's reason when it is aborted before. */
export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(ended, milliseconds);
  function ended(): void {
    signal.removeEventListener("abort", aborted);
    resolve();
  }
  function aborted(): void {
    clearTimeout(timer);
    reject(signal.reason);
  }
  if (signal.aborted) aborted();
  else signal.addEventListener("abort", aborted, { once: true });
  return promise;
}
