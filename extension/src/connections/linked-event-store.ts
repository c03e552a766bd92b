import type {
  EventReader,
  EventStore,
  EventWriter,
  ExpectedRevision,
  Integer64,
  NewEvent,
  Page,
  ReadOptions,
  ServerFeatures,
  Source,
  SubscribeOptions,
  SubscriptionNote,
} from "../event-store/event-store.ts";
import { ConnectionClosedError } from "../event-store/errors.ts";

/**
 * What everybody who uses a connection is given: it stays the same while the client beneath it is replaced, and tells what
 * goes wrong with any call.
 */
export class LinkedEventStore implements EventReader, EventWriter {
  readonly #onError: (error: unknown) => void;
  #inner: EventStore | undefined;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  isOn(store: EventStore): boolean {
    return this.#inner === store;
  }

  /** Undefined ends it: calls are refused from then on. */
  replace(store: EventStore | undefined): void {
    this.#inner?.close();
    this.#inner = store;
  }

  features(signal?: AbortSignal): Promise<ServerFeatures> {
    return this.#heard((inner) => inner.features(signal));
  }

  read(source: Source, options: ReadOptions): Promise<Page> {
    return this.#heard((inner) => inner.read(source, options));
  }

  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Integer64> {
    return this.#heard((inner) => inner.append(stream, expected, events));
  }

  async *subscribe(source: Source, options: SubscribeOptions): AsyncGenerator<SubscriptionNote> {
    const inner = this.#current();
    try {
      yield* inner.subscribe(source, options);
    } catch (error) {
      throw this.#told(error, inner);
    }
  }

  async #heard<T>(call: (inner: EventStore) => Promise<T>): Promise<T> {
    const inner = this.#current();
    try {
      return await call(inner);
    } catch (error) {
      throw this.#told(error, inner);
    }
  }

  #current(): EventStore {
    if (this.#inner === undefined) throw new ConnectionClosedError();
    return this.#inner;
  }

  /** A call on a client that was replaced meanwhile says nothing about the one that is there now. */
  #told(error: unknown, inner: EventStore): unknown {
    if (this.#inner === undefined) return new ConnectionClosedError();
    if (this.#inner === inner) this.#onError(error);
    return error;
  }
}
