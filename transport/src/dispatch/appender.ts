import { AppendTooLarge } from "../store/append-too-large.ts";
import type { ExpectedRevision } from "../store/event.ts";
import { ServerUnreachable } from "../store/server-unreachable.ts";
import type { Appended } from "../store/append.ts";
import type { Store } from "../store/store.ts";
import { WrongRevision } from "../store/wrong-revision.ts";
import type { OutgoingMessage } from "../messages/outgoing-message.ts";
import { MessageTooLarge } from "../messages/message-too-large.ts";

/** What the server takes in one append by default; only bodies count (corrections, size limit). */
export const APPEND_LIMIT = 1_048_576;
/** Messages that go into one append together at most: keeps one append's latency small. */
const MERGE_COUNT = 200;

interface Waiting {
  readonly messages: readonly OutgoingMessage[];
  readonly bytes: number;
  readonly alone: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Appends the messages that leave a process. What one caller gives is one append or part of one, never split: either all of it is
 * stored or none.
 *
 * There is one append to a stream at a time; what comes meanwhile waits and leaves together in the next one. So under load an
 * append is shared by many handlers, and messages to one stream stay in the order they were given.
 */
export class Appender {
  readonly #store: Pick<Store, "append">;
  readonly #queues = new Map<string, Waiting[]>();

  constructor(store: Pick<Store, "append">) {
    this.#store = store;
  }

  /**
   * Stores `messages` in `stream`, whatever its revision. Safe to repeat with the same ids.
   * @param options.alone the messages may be stored already. Then they share no append with others: the server recognises a
   *   repeat only if it knows every id of the append (corrections 1.7.3).
   * @throws MessageTooLarge, ServerUnreachable
   */
  append(stream: string, messages: readonly OutgoingMessage[], options: { readonly alone: boolean }): Promise<void> {
    if (messages.length === 0) return Promise.resolve();
    const bytes = sizeOf(stream, messages);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { messages, bytes, alone: options.alone, resolve, reject };
      const queue = this.#queues.get(stream);
      if (queue !== undefined) return void queue.push(waiting);
      this.#queues.set(stream, [waiting]);
      void this.#drain(stream);
    });
  }

  /**
   * Stores `messages` in `stream` if it is where the caller believes it to be.
   * @returns the revision of the last of them; undefined where the stream is not there, and nothing is stored.
   */
  async appendExpecting(
    stream: string,
    messages: readonly OutgoingMessage[],
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

  async #drain(stream: string): Promise<void> {
    const queue = this.#queues.get(stream) ?? [];
    while (queue.length > 0) {
      const batch = queue.splice(0, together(queue));
      await this.#writeTogether(stream, batch);
    }
    this.#queues.delete(stream);
  }

  /** A refusal of what several callers gave may concern one of them only: then each is tried alone. */
  async #writeTogether(stream: string, batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#write(
        stream,
        batch.flatMap(({ messages }) => messages),
        "any",
      );
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1 || error instanceof ServerUnreachable) for (const { reject } of batch) reject(error);
      else for (const waiting of batch) await this.#writeTogether(stream, [waiting]);
    }
  }

  async #write(
    stream: string,
    messages: readonly OutgoingMessage[],
    expected: ExpectedRevision,
  ): Promise<Pick<Appended, "revision">> {
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

/** How many of the waiting leave in the next append. */
function together(queue: readonly Pick<Waiting, "messages" | "bytes" | "alone">[]): number {
  let bytes = 0;
  let messages = 0;
  const end = queue.findIndex((waiting, index) => {
    bytes += waiting.bytes;
    messages += waiting.messages.length;
    return index > 0 && (waiting.alone || queue[0]?.alone || bytes > APPEND_LIMIT || messages > MERGE_COUNT);
  });
  return end === -1 ? queue.length : end;
}

function sizeOf(stream: string, messages: readonly OutgoingMessage[]): number {
  const bytes = messages.reduce((sum, message) => sum + message.bytes, 0);
  if (bytes > APPEND_LIMIT) throw tooLarge(stream, messages, APPEND_LIMIT);
  return bytes;
}

function tooLarge(
  stream: string,
  messages: readonly OutgoingMessage[],
  limit: number,
  options?: ErrorOptions,
): MessageTooLarge {
  const bytes = messages.reduce((sum, message) => sum + message.bytes, 0);
  return new MessageTooLarge(
    stream,
    messages.map(({ type }) => type),
    bytes,
    limit,
    options,
  );
}
