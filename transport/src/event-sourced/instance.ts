import type { EventSourced } from "../declare/event-sourced.ts";
import { freezePlainData } from "../declare/plain-data.ts";
import { messageContextOf } from "../messages/headers.ts";
import { HEADER } from "../messages/header-names.ts";
import type { Serializer } from "../messages/serializer.ts";
import { bodyWith } from "../receive/received-message.ts";
import { metadataOf, type StoredEvent } from "../store/event.ts";
import { FoldFailed } from "./fold-failed.ts";
import { IdSet } from "./id-set.ts";

/** What of an event in an instance's stream counts for the instance. */
export type InstanceEvent = Pick<StoredEvent, "id" | "type" | "isJson" | "data" | "metadata" | "revision">;

/** What an instance's stream holds, up to a revision. */
export interface Folded<State> {
  readonly state: State;
  readonly revision: bigint | "no stream";
  /** It holds an event of its own, and not only commands and replies to others. */
  readonly hasBegun: boolean;
  readonly isCompleted: boolean;
  /** The messages that what it holds was appended for. */
  readonly handled: IdSet;
}

/** An instance of an aggregate or process manager, as far as its stream was folded. */
export class Instance<State> implements Folded<State> {
  readonly #source: EventSourced<State>;
  readonly #stream: string;
  readonly #serializer: Serializer;
  readonly handled: IdSet;
  #state: State;
  #revision: bigint | "no stream";
  #hasBegun: boolean;
  #isCompleted: boolean;
  #weight = 0;
  #isPlain: boolean;
  /** Why the stream is to be read before anything is decided on this. */
  doubt: "may hold more" | "holds something else" | undefined;
  /** Revision of its last snapshot. */
  snapshotAt: bigint;

  constructor(
    source: EventSourced<State>,
    stream: string,
    serializer: Serializer,
    from?: Folded<State> & { readonly bytes: number },
  ) {
    this.#serializer = serializer;
    this.#source = source;
    this.#stream = stream;
    this.handled = from?.handled ?? new IdSet();
    this.#state = from === undefined ? source.initial : from.state;
    this.#revision = from?.revision ?? "no stream";
    this.#hasBegun = from?.hasBegun ?? false;
    this.#isCompleted = from?.isCompleted ?? false;
    this.#weight = from?.bytes ?? 0;
    this.snapshotAt = typeof this.#revision === "bigint" ? this.#revision : -1n;
    this.#isPlain = freezePlainData(this.#state);
  }

  get state(): State {
    return this.#state;
  }
  get revision(): bigint | "no stream" {
    return this.#revision;
  }
  get hasBegun(): boolean {
    return this.#hasBegun;
  }
  get isCompleted(): boolean {
    return this.#isCompleted;
  }
  /** Its state is plain data and frozen, so nobody can have changed it since it was folded. */
  get isPlain(): boolean {
    return this.#isPlain;
  }
  /** About the bytes it takes in memory: those of what was folded into it. */
  get weight(): number {
    return this.#weight + 16 * this.handled.size + 500;
  }

  /** The same instance, to be folded ahead of what is stored. What it has handled is not in it. */
  fork(): Instance<State> {
    const { state, revision, hasBegun, isCompleted } = this;
    const from = { state, revision, hasBegun, isCompleted, handled: new IdSet(), bytes: 0 };
    return new Instance(this.#source, this.#stream, this.#serializer, from);
  }

  /** Folds the next event of its stream. @throws FoldFailed, and nothing of the event counts then. */
  take(event: InstanceEvent): void {
    const metadata = metadataOf(event);
    if (this.#source.folds(event.type)) this.#fold(event, metadata);
    this.#revision = event.revision;
    this.#hasBegun ||= typeof metadata[HEADER.destination] !== "string";
    this.#isCompleted ||= this.#source.completedBy.includes(event.type);
    const cause: unknown = metadata[HEADER.causationId];
    if (typeof cause === "string") this.handled.add(cause);
  }

  #fold(event: InstanceEvent, metadata: unknown): void {
    const failed = (why: string, cause?: unknown): FoldFailed =>
      new FoldFailed(this.#stream, event.revision, event.type, why, cause === undefined ? {} : { cause });
    const context = messageContextOf(event.id, event.type, metadata);
    let body: object;
    try {
      body = bodyWith(this.#serializer, event, context);
    } catch (cause) {
      throw failed("has a body that cannot be read", cause);
    }
    let state = this.#state;
    try {
      const read = { definition: { kind: "event" as const, type: event.type }, body };
      for (const message of this.#source.upcast(read, context)) state = this.#source.evolve(state, message);
    } catch (cause) {
      throw failed("makes its evolve or upcast throw", cause);
    }
    this.#state = state;
    this.#weight += event.data.byteLength;
    this.#isPlain = freezePlainData(state);
  }
}
