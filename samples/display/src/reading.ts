import { setTimeout as sleep } from "node:timers/promises";
import { AccessDeniedError, EventStoreDBClient, type RecordedEvent, StreamNotFoundError } from "@eventstore/db-client";

/** Milliseconds without a word from the server, after which it is asked anew. */
const SILENCE = 5_000;
/** Milliseconds for which a read is tried: longer than a cluster takes to elect a leader. */
const PATIENCE = 60_000;
const PAUSE = 500;

/**
 * Asks a server with a plain client, and goes on when the server restarts or its cluster changes the leader: a client that has
 * failed is left for a new one, which looks for the leader anew. One question at a time.
 */
export class Reading implements AsyncDisposable {
  readonly #connectionString: string;
  #client: EventStoreDBClient | undefined;

  constructor(connectionString: string) {
    this.#connectionString = connectionString;
  }

  /** The events of a stream, those that links lead to; none where there is no such stream. Tries until it has read them all. */
  async stream(stream: string): Promise<readonly RecordedEvent[]> {
    for (const end = performance.now() + PATIENCE; ;) {
      try {
        return await this.ask((client, heard) => allOf(client, stream, heard));
      } catch (error) {
        if (error instanceof StreamNotFoundError) return [];
        if (error instanceof AccessDeniedError || performance.now() > end) throw error;
        await sleep(PAUSE);
      }
    }
  }

  /**
   * Asks once.
   * @param question gets a client, and what to call whenever the server has said something.
   */
  async ask<Answer>(question: (client: EventStoreDBClient, heard: () => void) => Promise<Answer>): Promise<Answer> {
    const client = (this.#client ??= EventStoreDBClient.connectionString(this.#connectionString));
    const silent = Promise.withResolvers<never>();
    const silence = setTimeout(
      () => silent.reject(new Error(`The server has said nothing for ${SILENCE} ms.`)),
      SILENCE,
    );
    try {
      return await Promise.race([question(client, () => void silence.refresh()), silent.promise]);
    } catch (error) {
      // Not awaited: the disposal of a client waits for a read that was left halfway.
      if (!(error instanceof StreamNotFoundError)) void this[Symbol.asyncDispose]();
      throw error;
    } finally {
      clearTimeout(silence);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.dispose();
  }
}

async function allOf(client: EventStoreDBClient, stream: string, heard: () => void): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const { event } of client.readStream(stream, { resolveLinkTos: true, requiresLeader: true })) {
    heard();
    if (event !== undefined) events.push(event);
  }
  return events;
}
