import type { Log } from "../log/log.ts";

export interface ScavengeOptions {
  /** Called after each stream that gave something back. */
  readonly onProgress?: (soFar: ScavengeResult) => void;
  /** Ends the work after the step it is at. */
  readonly signal?: AbortSignal;
}

export interface ScavengeResult {
  readonly events: number;
  readonly bytes: number;
}

const STREAMS_A_PAGE = 500;
/** Records removed in one transaction: short enough that an append behind it is not held up. */
const RECORDS_A_STEP = 1000;

/** Removes from every stream what lies before the revision that `firstKept` names. */
export async function scavenge(
  log: Log,
  firstKept: (stream: string, lastRevision: number) => number,
  { onProgress, signal }: ScavengeOptions,
): Promise<ScavengeResult> {
  const isStopped = (): boolean => signal?.aborted === true;
  let events = 0;
  let bytes = 0;
  let page = log.streamNames(undefined, STREAMS_A_PAGE);
  while (page.names.length > 0 && !isStopped()) {
    for (const stream of page.names) {
      const before = events;
      for (;;) {
        const last = log.head(stream).durable;
        const step =
          last < 0 ? { count: 0, bytes: 0 } : await log.removeBefore(stream, firstKept(stream, last), RECORDS_A_STEP);
        events += step.count;
        bytes += step.bytes;
        if (step.count < RECORDS_A_STEP || isStopped()) break;
      }
      if (events > before) onProgress?.({ events, bytes });
      if (isStopped()) break;
    }
    page = log.streamNames(page.place, STREAMS_A_PAGE);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return { events, bytes };
}
