import type { Headers } from "../messages/header-value.ts";
import type { Store } from "../store/store.ts";
import { NotParked } from "./not-parked.ts";
import type { ParkedEntry } from "./parked-entry.ts";
import { ParkedIndex, type ParkedSummary } from "./parked-index.ts";
import { type ParkedAction, ParkedRecord } from "./parked-record.ts";
import { type Edit, editedCopy, type Original, originalOf, replayCopy } from "./replay-copy.ts";
import { ReplayLog } from "./replay-log.ts";

/** A parked message that nobody has dealt with. */
export interface ParkedMessage extends Omit<ParkedEntry, "revision" | "place"> {
  /** Undefined where the message itself is gone: its stream was truncated or deleted. It can only be archived. */
  readonly message:
    | {
        readonly id: string;
        readonly type: string;
        readonly correlationId: string;
        /** All headers, the transport's own among them. */
        readonly headers: Headers;
        readonly body: Uint8Array;
        readonly isJson: boolean;
      }
    | undefined;
}

/** Parked messages that failed in the same way in the same place. */
export interface ParkedGroup {
  readonly failureGroup: string;
  readonly count: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
}

export interface ParkedPage {
  readonly messages: readonly ParkedMessage[];
  /** Where the next page begins; undefined at the end. */
  readonly next: string | undefined;
}

export interface ListOptions {
  /** `next` of the page before. Default: from the oldest on. */
  readonly from?: string | undefined;
  /** Messages at most. Default 50. */
  readonly limit?: number;
  /** Only those of this failure group. */
  readonly failureGroup?: string;
}

/** Which messages an action is for: those with these ids, those of a failure group, or all that are parked at this moment. */
export type ParkedSelection = { readonly ids: readonly string[] } | { readonly failureGroup: string } | "all";

/** Who does something, and how one hears of it. */
export interface ActionOptions {
  /** Told in the record of what was done. */
  readonly by: string;
  /** Ends it between two batches; what is done stays done, and the next call goes on. */
  readonly signal?: AbortSignal;
  /** First with what there is to do, then after each batch. */
  readonly onProgress?: (progress: ActionProgress) => void;
}

export interface ActionProgress {
  readonly total: number;
  readonly done: number;
  /** Of those done, messages that are gone and could not be sent back. They stay listed. */
  readonly gone: number;
}

/**
 * The parked messages of a component: to look at, and to deal with. What was retried, edited or archived is no longer listed. All
 * methods throw ServerUnreachable, and AccessRefused where the login may not read the server's own streams.
 */
export interface ParkedMessages {
  /** Parked and not dealt with, by failure group, the largest first. Reads all of them once, without their bodies, and then what is new. */
  groups(): Promise<readonly ParkedGroup[]>;
  /** A page of them, the oldest first. */
  list(options?: ListOptions): Promise<ParkedPage>;
  /**
   * Has messages handled again, as new: retries are counted anew, the history stays in their headers, and they do not expire. Safe to
   * repeat, to be done by several at once, and to be killed anywhere: each parked message comes back once.
   */
  retry(selection: ParkedSelection, options: ActionOptions): Promise<ActionProgress>;
  /**
   * Has another message handled in the place of a parked one, which stays as it is.
   * @returns the new message's id.
   * @throws NotParked, InvalidBody, InvalidHeader
   */
  edit(id: string, edit: Edit, options: Pick<ActionOptions, "by">): Promise<string>;
  /** Takes messages off the list. */
  archive(selection: ParkedSelection, options: ActionOptions): Promise<ActionProgress>;
}

/** Messages sent back, or told of, in one append; their bodies count against the server's limit of 1 MiB. */
const TOGETHER = 50;
const TOGETHER_BYTES = 900_000;
/** Originals read side by side. */
const SIDE_BY_SIDE = 10;
const DEFAULT_LIMIT = 50;

/** @param now gives the date by the clock on the wall. */
export function parkedMessagesOf(
  store: Pick<Store, "append" | "read" | "pages">,
  component: string,
  now: () => Date,
): ParkedMessages {
  const record = new ParkedRecord(store, component);
  const index = new ParkedIndex(store, component);

  async function select(selection: ParkedSelection): Promise<readonly ParkedSummary[]> {
    const isSelected = selector(selection);
    await record.refresh();
    return (await index.all()).filter((one) => record.isOpen(one.id) && isSelected(one));
  }

  /** Sends the copies of some back, then tells so. Killed between the two it is told by the next who does it: the copies are there. */
  async function sendBack(
    log: ReplayLog,
    originals: readonly Original[],
    action: ParkedAction,
    by: string,
    copy: typeof replayCopy,
  ): Promise<void> {
    for (const batch of batches(originals)) {
      await log.append(batch.map(copy));
      await record.close(
        action,
        batch.map(({ entry }) => entry.id),
        by,
        now(),
      );
    }
  }

  async function inBatches(
    selection: ParkedSelection,
    { signal, onProgress }: ActionOptions,
    act: (entries: readonly ParkedEntry[]) => Promise<number>,
  ): Promise<ActionProgress> {
    const selected = await select(selection);
    let progress: ActionProgress = { total: selected.length, done: 0, gone: 0 };
    onProgress?.(progress);
    for (let begin = 0; begin < selected.length; begin += TOGETHER) {
      signal?.throwIfAborted();
      const batch = selected.slice(begin, begin + TOGETHER);
      const gone = await act(await index.entriesOf(batch));
      progress = { ...progress, done: progress.done + batch.length, gone: progress.gone + gone };
      onProgress?.(progress);
    }
    return progress;
  }

  return {
    async groups() {
      const groups = new Map<string, ParkedGroup>();
      for (const entry of await select("all"))
        groups.set(entry.failureGroup, withEntry(groups.get(entry.failureGroup), entry));
      return [...groups.values()].toSorted((a, b) => b.count - a.count);
    },
    async list({ from, limit = DEFAULT_LIMIT, failureGroup } = {}) {
      const begin = from === undefined ? 0n : BigInt(from);
      const selected = await select(failureGroup === undefined ? "all" : { failureGroup });
      const rest = selected.filter(({ revision }) => revision >= begin);
      const entries = await index.entriesOf(rest.slice(0, limit));
      const next = rest[limit]?.revision;
      return {
        messages: (await originalsOf(store, entries)).map(messageOf),
        next: next === undefined ? undefined : String(next),
      };
    },
    async retry(selection, options) {
      const log = new ReplayLog(store, component);
      return inBatches(selection, options, async (entries) => {
        await log.know(new Date(Math.min(...entries.map(({ parkedAt }) => parkedAt.getTime()))));
        const originals = await originalsOf(store, entries);
        const there = originals.filter(({ event }) => event !== undefined);
        await sendBack(log, there, "retried", options.by, replayCopy);
        return originals.length - there.length;
      });
    },
    async edit(id, edit, { by }) {
      const [entry] = await index.entriesOf(await select({ ids: [id] }));
      if (entry === undefined) throw new NotParked(component, id, "it is not parked, or was dealt with");
      const [original] = await originalsOf(store, [entry]);
      if (original?.event === undefined) throw new NotParked(component, id, "the message is gone");
      const copy = editedCopy(original, edit);
      const log = new ReplayLog(store, component);
      await log.know(entry.parkedAt);
      await sendBack(log, [original], "edited", by, () => copy);
      return copy.id;
    },
    archive: (selection, options) =>
      inBatches(selection, options, async (entries) => {
        await record.close(
          "archived",
          entries.map(({ id }) => id),
          options.by,
          now(),
        );
        return 0;
      }),
  };
}

function selector(selection: ParkedSelection): (entry: ParkedSummary) => boolean {
  if (selection === "all") return () => true;
  if ("failureGroup" in selection) return ({ failureGroup }) => failureGroup === selection.failureGroup;
  const ids = new Set(selection.ids);
  return ({ id }) => ids.has(id);
}

function withEntry(
  group: ParkedGroup | undefined,
  { failureGroup, firstFailedAt, lastFailedAt }: ParkedSummary,
): ParkedGroup {
  if (group === undefined) return { failureGroup, count: 1, firstFailedAt, lastFailedAt };
  return {
    failureGroup,
    count: group.count + 1,
    firstFailedAt: firstFailedAt < group.firstFailedAt ? firstFailedAt : group.firstFailedAt,
    lastFailedAt: lastFailedAt > group.lastFailedAt ? lastFailedAt : group.lastFailedAt,
  };
}

async function originalsOf(store: Pick<Store, "read">, entries: readonly ParkedEntry[]): Promise<readonly Original[]> {
  const originals: Original[] = [];
  for (let index = 0; index < entries.length; index += SIDE_BY_SIDE) {
    const some = entries.slice(index, index + SIDE_BY_SIDE);
    originals.push(...(await Promise.all(some.map((entry) => originalOf(store, entry)))));
  }
  return originals;
}

function messageOf({ entry, event, context, headers }: Original): ParkedMessage {
  const { revision: _revision, place: _place, ...told } = entry;
  const message =
    event === undefined || context === undefined
      ? undefined
      : {
          id: context.messageId,
          type: event.type,
          correlationId: context.correlationId,
          headers,
          body: event.data,
          isJson: event.isJson,
        };
  return { ...told, message };
}

function* batches(originals: readonly Original[]): Generator<readonly Original[], void> {
  let batch: Original[] = [];
  let bytes = 0;
  for (const original of originals) {
    const size = original.event?.data.byteLength ?? 0;
    if (batch.length > 0 && bytes + size > TOGETHER_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(original);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
