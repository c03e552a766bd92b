import {
  type AppendExpectedRevision,
  MaxAppendSizeExceededError,
  WrongExpectedVersionError,
} from "@eventstore/db-client";
import type { Connection } from "../connection/connection.ts";
import { ServerUnreachable } from "../connection/server-unreachable.ts";
import type { Outgoing } from "../messages/outgoing.ts";
import { MessageTooLarge } from "../messages/message-too-large.ts";

/** What the server takes in one append by default; only bodies count (corrections, size limit). */
export const APPEND_LIMIT = 1_048_576;
/** Messages that go into one append together at most: keeps one append's latency small. */
const MERGE_COUNT = 200;

interface Waiting {
  readonly messages: readonly Outgoing[];
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
  readonly #connection: Pick<Connection, "append">;
  readonly #queues = new Map<string, Waiting[]>();

  constructor(connection: Pick<Connection, "append">) {
    this.#connection = connection;
  }

  /**
   * Stores `messages` in `stream`, whatever its revision. Safe to repeat with the same ids.
   * @param options.alone the messages may be stored already. Then they share no append with others: the server recognises a
   *   repeat only if it knows every id of the append (corrections 1.7.3).
   * @throws MessageTooLarge, ServerUnreachable
   */
  append(stream: string, messages: readonly Outgoing[], options: { readonly alone: boolean }): Promise<void> {
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
   * @returns false where it is not, and nothing is stored.
   */
  async appendExpecting(
    stream: string,
    messages: readonly Outgoing[],
    expected: AppendExpectedRevision,
  ): Promise<boolean> {
    sizeOf(stream, messages);
    try {
      await this.#write(stream, messages, expected);
      return true;
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) return false;
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

  async #write(stream: string, messages: readonly Outgoing[], expected: AppendExpectedRevision): Promise<void> {
    try {
      await this.#connection.append(
        stream,
        messages.map(({ event }) => event),
        expected,
      );
    } catch (error) {
      if (!(error instanceof MaxAppendSizeExceededError)) throw error;
      // A server with a smaller limit, or one that counts metadata too.
      throw tooLarge(stream, messages, error.maxAppendSize, { cause: error });
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

function sizeOf(stream: string, messages: readonly Outgoing[]): number {
  const bytes = messages.reduce((sum, message) => sum + message.bytes, 0);
  if (bytes > APPEND_LIMIT) throw tooLarge(stream, messages, APPEND_LIMIT);
  return bytes;
}

function tooLarge(
  stream: string,
  messages: readonly Outgoing[],
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
