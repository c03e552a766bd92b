import { BatchAppends } from "./batch.ts";
import { CALL_LIMIT, type Calls } from "./calls.ts";
import { append, type Appended, type AppendOptions } from "./append.ts";
import { Connections } from "./connections.ts";
import { consume, type Consumer, type ConsumerListener } from "./consumer.ts";
import type { NewEvent, ResolvedEvent } from "./event.ts";
import { follow, type FollowOptions } from "./follow.ts";
import { StreamsClient } from "./generated.ts";
import { Groups } from "./groups.ts";
import { Projections } from "./projections.ts";
import type { QueueAddress } from "./queue-address.ts";
import { patient, type Patience } from "./patient.ts";
import { read, readLast, readNothing, type ReadOptions } from "./read.ts";

/**
 * All that the transport asks of a server: the one port to it. Every call ends within a time limit, with an answer or with
 * ServerUnreachable; every failure that says nothing of what was asked, but of the server or the way to it, is ServerUnreachable.
 */
export class Store {
  readonly #calls: Calls;
  readonly #connections: Connections;
  readonly #patience: Patience | undefined;
  readonly #batch: BatchAppends | undefined;
  readonly groups: Groups;
  readonly projections: Projections;

  /**
   * @param server its connection string, or connections that there are already. Nothing is connected yet: the first call does that.
   * @param patience makes every call anew while the server is only away. Default: none.
   * @throws BadConnectionString
   */
  constructor(server: string | Connections, patience?: Patience) {
    this.#connections = server instanceof Connections ? server : new Connections(server);
    this.#patience = patience;
    this.#calls = this.#patiently(this.#connections.first);
    // What is made anew by itself goes in calls of its own.
    this.#batch = patience === undefined ? new BatchAppends(this.#calls, () => performance.now()) : undefined;
    this.groups = new Groups(this.#calls);
    this.projections = new Projections(this.#calls);
  }

  /** Host and port, for messages to people. */
  get address(): string {
    return this.#connections.first.address;
  }

  /** Whether a server has ever answered: if none has, there may be none at this address. */
  get hasAnswered(): boolean {
    return this.#connections.first.hasAnswered;
  }

  /** The same server, over the same connections; every call is made again while the server is only away. */
  patient(patience: Patience): Store {
    return new Store(this.#connections, patience);
  }

  /** Asks the leader whether it is there, and makes the client look for it. @throws ServerUnreachable, AccessRefused */
  async reach(): Promise<void> {
    await this.#calls.withStub(StreamsClient, CALL_LIMIT, readNothing);
  }

  /**
   * Appends all events to a stream in one step, or none. The same ids again are recognized as the same append, by the memory of the
   * leader where `expected` is "any", and by the stream itself where it is a revision.
   * @throws WrongRevision, AppendTooLarge, ServerUnreachable, AccessRefused
   */
  append(stream: string, events: readonly NewEvent[], options: AppendOptions = {}): Promise<Appended> {
    const { expected = "any" } = options;
    return this.#batch?.append(stream, events, expected) ?? append(this.#calls, stream, events, { expected });
  }

  /** Whether appends to one stream that are under way together are stored in the order in which they were given. */
  get keepsOrder(): boolean {
    return this.#batch?.keepsOrder ?? false;
  }

  /** See {@link read}. @throws ServerUnreachable, AccessRefused */
  read(stream: string, options: ReadOptions): Promise<readonly ResolvedEvent[]> {
    return read(this.#calls, stream, options);
  }

  /** Reads a stream to its end in pages, one at a time. @throws ServerUnreachable, AccessRefused */
  async *pages(
    stream: string,
    options: Omit<ReadOptions, "limit" | "direction"> & { readonly size: number },
  ): AsyncGenerator<readonly ResolvedEvent[], void> {
    const { size: limit, from = "start", followsLinks = false } = options;
    for (let next: ReadOptions["from"] = from; ;) {
      const page = await this.read(stream, { from: next, limit, followsLinks });
      if (page.length > 0) yield page;
      const last = page.at(-1);
      const revision = (last?.link ?? last?.event)?.revision;
      if (page.length < limit || revision === undefined) return;
      next = revision + 1n;
    }
  }

  /** Place in the log of the server's last event; it takes rights on `$all`. @throws ServerUnreachable, AccessRefused */
  async logEnd(): Promise<bigint> {
    return (await readLast(this.#calls))?.event?.position ?? 0n;
  }

  /** See {@link follow}. @throws ServerUnreachable, AccessRefused, and what `take` throws */
  async follow(
    stream: string,
    options: FollowOptions,
    take: (event: ResolvedEvent) => Promise<void> | void,
  ): Promise<void> {
    const { calls, release } = this.#connections.lend();
    try {
      await follow(this.#patiently(calls), stream, options, take);
    } finally {
      release();
    }
  }

  /** See {@link consume}. */
  consume(address: QueueAddress, slots: number, listener: ConsumerListener): Consumer {
    const { calls, release } = this.#connections.lend();
    const consumer = consume(this.#patiently(calls), address, slots, listener);
    void consumer.ended.then(release);
    return consumer;
  }

  async dispose(): Promise<void> {
    await this.#connections.dispose();
  }

  #patiently(calls: Calls): Calls {
    return this.#patience === undefined ? calls : patient(calls, this.#patience);
  }
}
