import type { EventSourced } from "../declare/event-sourced.ts";
import { CANCELLED } from "../messages/cancellation.ts";
import type { DeferredMessage } from "../messages/deferred-message.ts";
import { HEADER } from "../messages/header-names.ts";
import { bodyOf, metadataOf, type StoredEvent } from "../store/event.ts";
import type { Serializer } from "../messages/serializer.ts";
import type { Store } from "../store/store.ts";
import type { Access } from "../topology/access.ts";
import { Instance } from "./instance.ts";
import type { InstanceCache } from "./instance-cache.ts";
import { Snapshots } from "./snapshots.ts";

/** Events read at once. */
const PAGE = 500;
/** Looking for one message begins with a small page: mostly it was handled just before. */
const FIRST_PAGE = 50;

interface InstanceStoreOptions {
  readonly store: Pick<Store, "read" | "pages" | "append">;
  readonly cache: InstanceCache<Instance<unknown>>;
  readonly serializer: Serializer;
  readonly access: () => Promise<Access | undefined>;
}

/** Instances as they are in memory, in their snapshots and in their streams. */
export class InstanceStore {
  readonly #store: Pick<Store, "read" | "pages">;
  readonly #cache: InstanceCache<Instance<unknown>>;
  readonly #serializer: Serializer;
  readonly snapshots: Snapshots;

  constructor({ store, cache, serializer, access }: InstanceStoreOptions) {
    this.#serializer = serializer;
    this.#store = store;
    this.#cache = cache;
    this.snapshots = new Snapshots(store, serializer, access);
  }

  /** As it was when it was used last. What others have appended since is not in it. */
  remembered<State>(stream: string): Instance<State> | undefined {
    const instance = this.#cache.get(stream);
    // A category, and so a stream, belongs to one declaration.
    return instance === undefined || instance.doubt !== undefined ? undefined : (instance as Instance<State>);
  }

  /** As its stream has it now. @throws FoldFailed, ServerUnreachable */
  async read<State>(source: EventSourced<State>, stream: string): Promise<Instance<State>> {
    const known = this.#cache.get(stream) as Instance<State> | undefined;
    const before = known?.revision;
    const instance =
      known ??
      (source.snapshotEvery === undefined ? undefined : await this.snapshots.load(source, stream)) ??
      new Instance(source, stream, this.#serializer);
    await this.#takeNew(stream, instance);
    if (known?.doubt === "holds something else" && known.revision === before) {
      // It is not where it was believed to be, and holds nothing new either: it was deleted, or restored from a backup.
      const anew = new Instance(source, stream, this.#serializer);
      await this.#takeNew(stream, anew);
      return this.keep(stream, anew);
    }
    instance.doubt = undefined;
    return this.keep(stream, instance);
  }

  /** Keeps it in memory, unless its state could be changed there by whoever gets it. */
  keep<State>(stream: string, instance: Instance<State>): Instance<State> {
    if (instance.isPlain) this.#cache.set(stream, instance as Instance<unknown>);
    else this.#cache.delete(stream);
    return instance;
  }

  forget(stream: string): void {
    this.#cache.delete(stream);
  }

  /** Whether something in the stream was appended for this message. @throws ServerUnreachable */
  async holdsEffectOf(stream: string, messageId: string): Promise<boolean> {
    let limit = FIRST_PAGE;
    for (let from: bigint | "end" = "end"; ;) {
      const page = await this.#store.read(stream, { direction: "backwards", from, limit });
      if (page.some(({ event }) => event !== undefined && causeOf(event) === messageId)) return true;
      const oldest = page.at(-1)?.event?.revision;
      if (oldest === undefined || oldest === 0n || page.length < limit) return false;
      from = oldest - 1n;
      limit = PAGE;
    }
  }

  /**
   * What messages of these types the stream holds that still wait for their time, and that it does not cancel itself.
   * @param last the revision it is read to.
   * @throws ServerUnreachable
   */
  async deferredIn(
    stream: string,
    types: ReadonlySet<string>,
    last: bigint,
    now: Date,
  ): Promise<readonly DeferredMessage[]> {
    const waiting = new Map<string, DeferredMessage>();
    for await (const page of this.#store.pages(stream, { size: PAGE })) {
      for (const { event } of page) {
        if (event === undefined) continue;
        if (event.revision > last) return [...waiting.values()];
        if (event.type === CANCELLED) waiting.delete(String(Object(bodyOf(event)).messageId));
        const deferred = types.has(event.type) ? deferredMessageOf(event) : undefined;
        if (deferred !== undefined && deferred.deliverAt > now) waiting.set(event.id, deferred);
      }
    }
    return [...waiting.values()];
  }

  async #takeNew<State>(stream: string, instance: Instance<State>): Promise<void> {
    const from = instance.revision === "no stream" ? "start" : instance.revision + 1n;
    for await (const page of this.#store.pages(stream, { from, size: PAGE })) {
      for (const { event } of page) if (event !== undefined) instance.take(event);
    }
  }
}

/** A message as `cancel` needs to know it; undefined where it was not deferred. */
function deferredMessageOf(event: StoredEvent): DeferredMessage | undefined {
  const { [HEADER.destination]: to, [HEADER.deliverAt]: due } = metadataOf(event);
  if (typeof to !== "string" || typeof due !== "string") return undefined;
  return { id: event.id, to, deliverAt: new Date(due) };
}

const causeOf = (event: Parameters<typeof metadataOf>[0]): unknown => metadataOf(event)[HEADER.causationId];
