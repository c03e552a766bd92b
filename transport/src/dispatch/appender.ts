import { AppendTooLarge } from "../store/append-too-large.ts";
import type { ExpectedRevision } from "../store/event.ts";
import { ServerUnreachable } from "../store/server-unreachable.ts";
import type { Appended } from "../store/append.ts";
import type { Store } from "../store/store.ts";
import { WrongRevision } from "../store/wrong-revision.ts";
import { MessageTooLarge } from "../messages/message-too-large.ts";
import type { OutgoingEvent } from "./outgoing-event.ts";
import { Uncertain } from "./uncertain.ts";

/** What the server takes in one append by default; only bodies count (corrections, size limit). */
export const APPEND_LIMIT = 1_048_576;
/** Messages that go into one append together at most: keeps one append's latency small. */
const MERGE_COUNT = 200;
/** Appends to one stream that are under way at once, on a server that stores them in their order. */
const UNDER_WAY = 8;

export interface AppendingOptions {
  /**
   * The messages may be stored already. Then they share no append with others: the server recognizes a repeat only if it knows
   * every id of the append (corrections 1.7.3). A function is asked right before the append.
   */
  readonly alone: boolean | (() => boolean);
}

/** Appends messages: an {@link Appender}, or what stands before one. */
export type Appending = Pick<Appender, "append" | "appendExpecting">;

interface Waiting {
  readonly messages: readonly OutgoingEvent[];
  readonly bytes: number;
  readonly alone: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What is on its way to one stream. */
interface Lane {
  readonly stream: string;
  readonly waiting: Waiting[];
  /** What may be stored already, to be looked for first. */
  readonly doubtful: Waiting[];
  isLooking: boolean;
  underWay: number;
  /** Revision of the last append to it that was answered; undefined while there is none. */
  known: bigint | undefined;
}

/**
 * Appends the messages that leave a process. What one caller gives is one append or part of one, never split: either all of it is
 * stored or none.
 *
 * What comes in one turn of the event loop leaves together. A few appends to a stream are under way at once, so that nobody waits for
 * the disk of others; what comes meanwhile leaves together
 * in the next one. So under load an append is shared by many handlers, and messages to one stream stay in the order they were given.
 */
export class Appender {
  readonly #store: Pick<Store, "append" | "keepsOrder">;
  readonly #uncertain: Uncertain;
  readonly #lanes = new Map<string, Lane>();

  constructor(store: Pick<Store, "append" | "read" | "keepsOrder">) {
    this.#store = store;
    this.#uncertain = new Uncertain(store);
  }

  /**
   * Stores `messages` in `stream`, whatever its revision. Safe to repeat with the same ids, also where the answer to the first
   * append was lost.
   * @throws MessageTooLarge, ServerUnreachable
   */
  append(stream: string, messages: readonly OutgoingEvent[], options: AppendingOptions): Promise<void> {
    if (messages.length === 0) return Promise.resolve();
    const bytes = sizeOf(stream, messages);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { alone: asked } = options;
    const alone = typeof asked === "function" ? asked : () => asked;
    const waiting: Waiting = { messages, bytes, alone, resolve, reject };
    const lane = this.#laneOf(stream);
    if (!messages.some(({ event }) => this.#uncertain.has(event.id))) this.#enqueue(lane, waiting);
    else {
      lane.doubtful.push(waiting);
      if (!lane.isLooking) void this.#lookFirst(lane);
    }
    return promise;
  }

  /**
   * Stores `messages` in `stream` if it is where the caller believes it to be.
   * @returns the revision of the last of them; undefined where the stream is not there, and nothing is stored.
   */
  async appendExpecting(
    stream: string,
    messages: readonly OutgoingEvent[],
    expected: ExpectedRevision,
  ): Promise<bigint | undefined> {
    sizeOf(stream, messages);
    try {
      return (await this.#write(stream, messages, expected)).revision;
    } catch (error) {
      if (error instanceof WrongRevision) return undefined;
      throw error;
    }
  }

  #laneOf(stream: string): Lane {
    let lane = this.#lanes.get(stream);
    if (lane === undefined) {
      lane = { stream, waiting: [], doubtful: [], isLooking: false, underWay: 0, known: undefined };
      this.#lanes.set(stream, lane);
    }
    return lane;
  }

  #enqueue(lane: Lane, waiting: Waiting): void {
    // Those of one turn of the event loop leave together.
    if (lane.waiting.length === 0) setImmediate(() => this.#fill(lane));
    lane.waiting.push(waiting);
  }

  /** Lets leave what may. On a server that keeps no order, one append at a time. */
  #fill(lane: Lane): void {
    while (lane.waiting.length > 0 && lane.underWay < (this.#store.keepsOrder ? UNDER_WAY : 1)) {
      const batch = lane.waiting.splice(0, together(lane.waiting));
      lane.underWay += 1;
      void this.#writeTogether(lane, batch).finally(() => {
        lane.underWay -= 1;
        this.#fill(lane);
      });
    }
  }

  /** Looks at the stream's end before storing again, once for all that wait for it. Their place among the others is not promised. */
  async #lookFirst(lane: Lane): Promise<void> {
    lane.isLooking = true;
    while (lane.doubtful.length > 0) {
      const doubtful = lane.doubtful.splice(0);
      try {
        const stored = await this.#uncertain.stored(lane.stream, idsOf(doubtful.flatMap(({ messages }) => messages)));
        for (const waiting of doubtful) {
          const ids = idsOf(waiting.messages);
          if (!ids.every((id) => stored.has(id))) this.#enqueue(lane, { ...waiting, alone: () => true });
          else {
            this.#uncertain.forget(ids);
            waiting.resolve();
          }
        }
      } catch (error) {
        for (const { reject } of doubtful) reject(error);
      }
    }
    lane.isLooking = false;
  }

  /** A refusal of what several callers gave may concern one of them only: then each is tried alone, behind what is under way. */
  async #writeTogether(lane: Lane, batch: readonly Waiting[]): Promise<void> {
    const messages = batch.flatMap(({ messages }) => messages);
    const behind = lane.known;
    try {
      const { revision } = await this.#write(lane.stream, messages, "any");
      if (lane.known === undefined || revision > lane.known) lane.known = revision;
      this.#uncertain.forget(idsOf(messages));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const isUncertain = error instanceof ServerUnreachable;
      if (isUncertain) this.#uncertain.add(idsOf(messages), behind);
      if (batch.length === 1 || isUncertain) for (const { reject } of batch) reject(error);
      else for (const waiting of batch) await this.#writeTogether(lane, [waiting]);
    }
  }

  async #write(stream: string, messages: readonly OutgoingEvent[], expected: ExpectedRevision): Promise<Appended> {
    try {
      return await this.#store.append(
        stream,
        messages.map(({ event }) => event),
        { expected },
      );
    } catch (error) {
      if (!(error instanceof AppendTooLarge)) throw error;
      // A server with a smaller limit, or one that counts metadata too.
      throw tooLarge(stream, messages, error.limit, { cause: error });
    }
  }
}

const idsOf = (messages: readonly OutgoingEvent[]): readonly string[] => messages.map(({ event }) => event.id);

/** How many of the waiting leave in the next append. */
function together(queue: readonly Pick<Waiting, "messages" | "bytes" | "alone">[]): number {
  let bytes = 0;
  let messages = 0;
  const end = queue.findIndex((waiting, index) => {
    bytes += waiting.bytes;
    messages += waiting.messages.length;
    return index > 0 && (waiting.alone() || queue[0]?.alone() || bytes > APPEND_LIMIT || messages > MERGE_COUNT);
  });
  return end === -1 ? queue.length : end;
}

function sizeOf(stream: string, messages: readonly OutgoingEvent[]): number {
  const bytes = messages.reduce((sum, message) => sum + message.bytes, 0);
  if (bytes > APPEND_LIMIT) throw tooLarge(stream, messages, APPEND_LIMIT);
  return bytes;
}

function tooLarge(
  stream: string,
  messages: readonly OutgoingEvent[],
  limit: number,
  options?: ErrorOptions,
): MessageTooLarge {
  const bytes = messages.reduce((sum, message) => sum + message.bytes, 0);
  return new MessageTooLarge(
    stream,
    messages.map(({ event }) => event.type),
    bytes,
    limit,
    options,
  );
}
