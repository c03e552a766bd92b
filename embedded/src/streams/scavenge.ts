import type { Log, OldRecords } from "../log/log.ts";

export interface ScavengeOptions {
  /** Called after each step that gave something back. */
  readonly onProgress?: (soFar: ScavengeResult) => void;
  /** Ends the work after the step it is at. */
  readonly signal?: AbortSignal;
}

export interface ScavengeResult {
  readonly events: number;
  readonly bytes: number;
}

const STREAMS_A_PAGE = 500;
/**
 * Records removed in one transaction, of one stream or of many: a commit for each of many small streams would take far longer,
 * and this is short enough that an append behind it is not held up.
 */
const RECORDS_A_STEP = 1000;

/** Removes from every stream what lies before the revision that `firstKept` names. */
export async function scavenge(
  log: Log,
  firstKept: (stream: string, lastRevision: number) => number,
  { onProgress, signal }: ScavengeOptions,
): Promise<ScavengeResult> {
  const isStopped = (): boolean => signal?.aborted === true;
  let result: ScavengeResult = { events: 0, bytes: 0 };
  let step: OldRecords[] = [];
  let room = RECORDS_A_STEP;
  const take = async (): Promise<void> => {
    if (step.length === 0) return;
    await log.remove(step);
    const bytes = step.reduce((sum, old) => sum + old.bytes, result.bytes);
    result = { events: result.events + RECORDS_A_STEP - room, bytes };
    step = [];
    room = RECORDS_A_STEP;
    onProgress?.(result);
  };
  await log.indexed();
  let page = log.streamNames(undefined, STREAMS_A_PAGE);
  while (page.names.length > 0 && !isStopped()) {
    for (const stream of page.names) {
      let isMore = true;
      while (isMore && !isStopped()) {
        const last = log.head(stream).durable;
        const old = last < 0 ? undefined : log.recordsBefore(stream, firstKept(stream, last), room);
        if (old !== undefined && old.entries.length > 0) step.push(old);
        room -= old?.entries.length ?? 0;
        isMore = room === 0;
        if (isMore) await take();
      }
      if (isStopped()) break;
    }
    // What was found is taken before anything else has its turn: meanwhile a stream might be given back what was hidden.
    await take();
    page = log.streamNames(page.place, STREAMS_A_PAGE);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return result;
}
