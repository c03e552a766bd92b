import { randomUUID } from "node:crypto";
import { bodyBytes } from "../log/log.ts";
import { type LogRecord, TOMBSTONE_REVISION } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import type { ResolvedRecord } from "../streams/results.ts";
import { handlerException, streamDeleted } from "./errors.ts";
import type { CheckpointPace, RecordFilter } from "./filter.ts";
import { Courtesy, type LogPlace, PAGE, type ReadResponses, resolved, type Showing } from "./read.ts";
import { readEventOf } from "./recorded-event.ts";
import { Signal } from "./signal.ts";
import type { SubscriptionPosition, SubscriptionNotes } from "./subscription-notes.ts";

const LINK_TYPE = "$>";

/** More records at a step than this gain nothing, however wide a window the client asks for. */
const MAX_PAGE = 512;

export interface StreamSubscription extends Showing {
  readonly stream: string;
  /** The last revision that the subscriber has; "start" for none, "end" for all that are there. */
  readonly after: number | "start" | "end";
  readonly notes: SubscriptionNotes;
}

/**
 * Answers a subscription to one stream: what is there, `caught_up`, and then what comes, for as long as the
 * client stays. It reads on only while the client takes what was sent; it is woken, never fed.
 */
export async function subscribeToStream(
  store: EventStore,
  subscription: StreamSubscription,
  responses: ReadResponses,
): Promise<void> {
  const { stream, after, notes } = subscription;
  if (stream === "" || after === TOMBSTONE_REVISION) throw handlerException();
  const { signal, stopWatching } = watched(responses, (wake) => store.watchStream(stream, wake));
  try {
    let from = after === "start" ? 0 : after === "end" ? store.lastRevision(stream) + 1 : after + 1;
    // From the end a tombstoned or missing stream is as good as any: nothing ever comes (corrections 1.10).
    let isLive = after === "end";
    if (!isLive && store.lastRevision(stream) === TOMBSTONE_REVISION) throw streamDeleted(stream);
    responses.write(confirmation());
    if (isLive) responses.write(notes.caughtUp(positionIn(from)));
    const courtesy = new Courtesy();
    while (responses.open) {
      signal.clear();
      // What is truncated away between being written and being delivered live still comes (corrections 1.10).
      const page = store.readStream({
        stream,
        from,
        direction: "forwards",
        maxCount: PAGE,
        ignoreTruncation: isLive,
      });
      if (page.outcome === "deleted") throw streamDeleted(stream);
      if (page.outcome === "read") {
        let hasWaited = false;
        for (const record of page.records) {
          const delivered = await deliver(responses, seen(store, record, subscription, isLive), subscription);
          if (delivered === "gone") return;
          hasWaited ||= delivered === "late";
          if (record.revision === TOMBSTONE_REVISION) throw streamDeleted(stream);
        }
        from = page.next;
        if (!page.isEnd) {
          if (isLive && hasWaited && notes.fellBehind !== undefined) {
            isLive = false;
            responses.write(notes.fellBehind(positionIn(from)));
          }
          await courtesy.page();
          continue;
        }
        if (!isLive) {
          isLive = true;
          responses.write(notes.caughtUp(positionIn(from)));
        }
      }
      await signal.raised();
    }
  } finally {
    stopWatching();
  }
}

export interface AllSubscription extends Showing {
  /** Strictly behind it. */
  readonly after: LogPlace | "start" | "end";
  readonly filter: RecordFilter;
  /** Undefined: no checkpoints. */
  readonly checkpoints: CheckpointPace | undefined;
  readonly notes: SubscriptionNotes;
}

/** Answers a subscription to `$all`; as {@link subscribeToStream}, with checkpoints where there is a filter. */
export async function subscribeToAll(
  store: EventStore,
  subscription: AllSubscription,
  responses: ReadResponses,
): Promise<void> {
  const { filter, checkpoints, notes } = subscription;
  const { checkpoint } = notes;
  const { signal, stopWatching } = watched(responses, (wake) => store.watchAll(wake));
  try {
    let from = firstBehind(store, subscription.after);
    let isLive = false;
    let considered = 0;
    let hasMatched = false;
    const maxCount = checkpoints === undefined ? PAGE : Math.min(checkpoints.window, MAX_PAGE);
    responses.write(confirmation());
    const courtesy = new Courtesy();
    while (responses.open) {
      signal.clear();
      const page = store.readAll({ from, direction: "forwards", maxCount });
      filter.prepare?.(page.records);
      let last: LogRecord | undefined;
      let hasWaited = false;
      for (const record of page.records) {
        considered++;
        if (filter(record)) {
          last = record;
          hasMatched = true;
          const delivered = await deliver(responses, seen(store, record, subscription, isLive), subscription);
          if (delivered === "gone") return;
          hasWaited ||= delivered === "late";
        }
        if (isLive && checkpoints !== undefined && considered >= checkpoints.interval) {
          considered = 0;
          // One to which nothing has ever mattered cannot tell catching up from live (golden subscriptions/checkpoints).
          responses.write(
            hasMatched ? checkpoint(record.position, record.position) : checkpoint(record.position + 1, 0),
          );
        }
      }
      from = page.next;
      if (!isLive && checkpoints !== undefined && considered >= checkpoints.interval) {
        considered %= checkpoints.interval;
        // Without a match the place is before the record at `from`, which prepare 0 says (corrections 1.10).
        const at = last === undefined ? undefined : page.records.at(-1);
        responses.write(at === undefined ? checkpoint(from, 0) : checkpoint(at.position, at.position));
        await responses.drained();
      }
      if (!page.isEnd) {
        if (isLive && hasWaited && notes.fellBehind !== undefined) {
          isLive = false;
          responses.write(notes.fellBehind(before(from)));
        }
        await courtesy.page();
        continue;
      }
      if (!isLive) {
        isLive = true;
        responses.write(notes.caughtUp(before(from)));
      }
      await signal.raised();
    }
  } finally {
    stopWatching();
  }
}

/** Sends one event and waits until there is room for the next; late where that took the client a while. */
async function deliver(
  responses: ReadResponses,
  record: ResolvedRecord,
  showing: Showing,
): Promise<"at once" | "late" | "gone"> {
  const value = readEventOf(record, showing.uuidForm);
  const hasRoom = responses.write({ content: { case: "event", value } }, record.event && bodyBytes(record.event));
  if (!hasRoom) await responses.drained();
  if (!responses.open) return "gone";
  return hasRoom ? "at once" : "late";
}

/** Where one stands in a stream who has to read on from a revision; nowhere, before the first event and behind a tombstone. */
function positionIn(from: number): SubscriptionPosition {
  return from > 0 && from <= TOMBSTONE_REVISION ? { streamRevision: from - 1 } : {};
}

/** Before the record at a place, which prepare 0 says (corrections 1.10). */
const before = (place: number): SubscriptionPosition => ({ position: { commitPosition: place, preparePosition: 0 } });

/** A link that cannot be parsed is an event in history, and a link to nothing live (golden subscriptions/malformed-links). */
function seen(store: EventStore, record: LogRecord, showing: Showing, isLive: boolean): ResolvedRecord {
  const shown = resolved(store, record, showing);
  const isUnparsed = isLive && showing.resolveLinks && record.type === LINK_TYPE && shown.link === undefined;
  return isUnparsed ? { event: undefined, link: record } : shown;
}

function watched(
  responses: ReadResponses,
  watch: (wake: () => void) => () => void,
): { readonly signal: Signal; readonly stopWatching: () => void } {
  const signal = new Signal();
  const stopWatching = watch(signal.raise);
  responses.onClose(signal.raise);
  return { signal, stopWatching };
}

function firstBehind(store: EventStore, after: LogPlace | "start" | "end"): number {
  if (after === "start") return 0;
  if (after === "end") return store.end;
  return after.prepare < after.commit ? after.commit : after.commit + 1;
}

const confirmation = () => ({ content: { case: "confirmation", value: { subscriptionId: randomUUID() } } }) as const;
