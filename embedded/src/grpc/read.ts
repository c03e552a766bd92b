import { setImmediate } from "node:timers/promises";
import { bodyBytes } from "../log/log.ts";
import { TOMBSTONE_REVISION, type LogRecord } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import type { ResolvedRecord } from "../streams/results.ts";
import { handlerException, streamDeleted, unknown } from "./errors.ts";
import { LAST_UINT64 } from "./expectation.ts";
import type { RecordFilter } from "./filter.ts";
import type { FlowControlledStream } from "./flow-controlled-stream.ts";
import { readEventOf, type UuidForm } from "./recorded-event.ts";
import type { Decoded, Encodable } from "./wire/message.ts";
import type { Integer64 } from "./wire/scalars.ts";
import type { position } from "./wire/shared.ts";
import type { readResp, streamOptions } from "./wire/streams.ts";

export type ReadResponses = FlowControlledStream<Encodable<typeof readResp>>;

/** Records read at once: enough to be worth a transaction, few enough that a waiting reader holds little. */
export const PAGE = 32;

/** A page whose records nobody wanted costs the caller nothing but time: others get their turn after this many. */
const PAGES_AT_A_STRETCH = 8;

/** How the events of a read are to be shown. */
export interface Showing {
  readonly resolveLinks: boolean;
  readonly uuidForm: UuidForm;
  /** Whether the reader may see the event that a link leads to, by its stream. Absent: any event. */
  readonly mayFollow: ((stream: string) => boolean) | undefined;
}

/** Most events a read may answer; a count beyond any stream's length is no limit. */
export function countOf(count: Integer64): number {
  return typeof count === "number" ? count : Number.MAX_SAFE_INTEGER;
}

/** Where to begin in a stream; refused from 2^63 on, except 2^64 - 1 which is the end (corrections 1.9). */
export function startOf(option: Decoded<typeof streamOptions>["revisionOption"]): number | "start" | "end" {
  if (option === undefined) throw handlerException();
  if (option.case !== "revision") return option.case;
  if (typeof option.value === "number") return option.value;
  if (option.value === LAST_UINT64) return "end";
  if (option.value >= 2n ** 63n) throw handlerException();
  return TOMBSTONE_REVISION;
}

/** A place in `$all`. Records lie at (p, p); a prepare position before the commit position is before that record. */
export interface LogPlace {
  readonly commit: number;
  readonly prepare: number;
}

/** The place that a pair of positions names; "end" for 2^64 - 1, refused where no log can have it (corrections 1.9). */
export function placeOf(at: Decoded<typeof position>): LogPlace | "end" {
  const { commitPosition: commit, preparePosition: prepare } = at;
  if (commit === LAST_UINT64 && prepare === LAST_UINT64) return "end";
  if (commit >= 2n ** 63n || prepare > commit) throw handlerException();
  return { commit: Number(commit), prepare: Number(prepare) };
}

export function resolved(store: EventStore, record: LogRecord, showing: Showing): ResolvedRecord {
  return showing.resolveLinks ? visible(store.resolve(record), showing.mayFollow) : { event: record, link: undefined };
}

/** What a reader sees of a link: to whoever may not see the event that it leads to, the event is not there. */
export function visible(found: ResolvedRecord, mayFollow: Showing["mayFollow"]): ResolvedRecord {
  const { event, link } = found;
  if (mayFollow === undefined || event === undefined || link === undefined || mayFollow(event.stream)) return found;
  return { event: undefined, link };
}

/** Gives other calls their turn now and then, in a loop that does not wait for anything by itself. */
export class Courtesy {
  #pages = 0;

  async page(): Promise<void> {
    if (++this.#pages % PAGES_AT_A_STRETCH === 0) await setImmediate();
  }
}

export interface StreamReadRequest extends Showing {
  readonly stream: string;
  readonly from: number | "start" | "end";
  readonly direction: "forwards" | "backwards";
  readonly count: number;
  /** Whether the client knows the messages that tell the first and last position (spec 1.9). */
  readonly tellPositions: boolean;
}

/** Answers a read of one stream, once. */
export async function readStream(
  store: EventStore,
  request: StreamReadRequest,
  responses: ReadResponses,
): Promise<void> {
  const { stream, direction } = request;
  if (stream === "") throw handlerException();
  if (request.count === 0 || (direction === "forwards" && request.from === "end")) {
    throw unknown("Unexpected ReadStreamResult: Error");
  }
  const courtesy = new Courtesy();
  let from = request.from;
  let left = request.count;
  let lastRevision = -1;
  let isFirstPage = true;
  while (left > 0) {
    const page = store.readStream({ stream, from, direction, maxCount: Math.min(PAGE, left) });
    if (page.outcome === "deleted") throw streamDeleted(stream);
    if (page.outcome === "not-found") {
      responses.write({ content: { case: "streamNotFound", value: { streamIdentifier: stream } } });
      return;
    }
    lastRevision = page.lastRevision;
    if (isFirstPage && request.tellPositions && direction === "forwards" && isBehind(request, page)) {
      responses.write({ content: { case: "firstStreamPosition", value: page.firstRevision } });
    }
    isFirstPage = false;
    for (const record of page.records) {
      const shown = resolved(store, record, request);
      const value = readEventOf(shown, request.uuidForm);
      if (!responses.write({ content: { case: "event", value } }, bodyBytes(shown.event ?? record)))
        await responses.drained();
      if (!responses.open) return;
    }
    left -= page.records.length;
    if (page.isEnd) break;
    from = page.next;
    await courtesy.page();
  }
  if (request.tellPositions && direction === "forwards") {
    responses.write({ content: { case: "lastStreamPosition", value: lastRevision } });
  }
}

/** Whether a whole page from where the read began is truncated away, while the stream goes on further up (spec 1.9). */
function isBehind(
  { from, count }: StreamReadRequest,
  page: { readonly firstRevision: number; readonly lastRevision: number },
): boolean {
  const start = typeof from === "number" ? from : 0;
  return page.firstRevision >= start + Math.min(PAGE, count) && page.firstRevision <= page.lastRevision;
}

export interface AllReadRequest extends Showing {
  readonly from: LogPlace | "start" | "end";
  readonly direction: "forwards" | "backwards";
  readonly count: number;
  readonly filter: RecordFilter;
}

/** Answers a read of `$all`, once. With a filter `count` is of the events it lets through. */
export async function readAll(store: EventStore, request: AllReadRequest, responses: ReadResponses): Promise<void> {
  const { direction } = request;
  const courtesy = new Courtesy();
  let from = request.from === "start" ? 0 : request.from === "end" ? store.end : request.from.commit;
  // Golden reads/all-odd-positions: behind the end there is nothing forwards, and no way back.
  if (direction === "backwards" && from > store.end) throw unknown("Unexpected ReadAllResult: Error");
  let left = request.count;
  while (left > 0) {
    const page = store.readAll({ from, direction, maxCount: PAGE });
    request.filter.prepare?.(page.records);
    for (const record of page.records) {
      if (!request.filter(record)) continue;
      const shown = resolved(store, record, request);
      const value = readEventOf(shown, request.uuidForm);
      if (!responses.write({ content: { case: "event", value } }, bodyBytes(shown.event ?? record)))
        await responses.drained();
      if (!responses.open) return;
      if (--left === 0) return;
    }
    if (page.isEnd) return;
    from = page.next;
    await courtesy.page();
    if (!responses.open) return;
  }
}
