import { randomUUID } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import type { EventSourced } from "../declare/event-sourced.ts";
import type { Serializer } from "../messages/serializer.ts";
import { describeStream } from "../store/describe-stream.ts";
import type { Store } from "../store/store.ts";
import { type Access, snapshotAcl } from "../topology/access.ts";
import { snapshotStream } from "../topology/stream-names.ts";
import { IdSet } from "./id-set.ts";
import { Instance } from "./instance.ts";

const TYPE = "sluice.Snapshot";
/** What a snapshot is beside the state. The state is bytes in V8's structured clone format. */
interface Content {
  readonly foldVersion: string;
  readonly revision: bigint;
  readonly hasBegun: boolean;
  readonly isCompleted: boolean;
  readonly state: unknown;
  readonly handled: Uint8Array;
}

/** Reads and writes the snapshots of instances, each in a stream of its own that has no dash, and so is of no category. */
export class Snapshots {
  readonly #store: Pick<Store, "read" | "append">;
  readonly #serializer: Serializer;
  readonly #access: () => Promise<Access | undefined>;

  constructor(
    store: Pick<Store, "read" | "append">,
    serializer: Serializer,
    access: () => Promise<Access | undefined>,
  ) {
    this.#access = access;
    this.#store = store;
    this.#serializer = serializer;
  }

  /** The instance as its last snapshot has it; undefined where there is none that this fold has made. @throws ServerUnreachable */
  async load<State>(source: EventSourced<State>, stream: string): Promise<Instance<State> | undefined> {
    const [last] = await this.#store.read(snapshotStream(stream), { direction: "backwards", limit: 1 });
    if (last?.event === undefined || last.event.type !== TYPE) return undefined;
    const { data } = last.event;
    const content = contentOf(data);
    if (content === undefined || content.foldVersion !== source.foldVersion) return undefined;
    const { revision, hasBegun, isCompleted } = content;
    return new Instance(source, stream, this.#serializer, {
      // The same fold has made it.
      state: content.state as State,
      revision,
      hasBegun,
      isCompleted,
      handled: IdSet.from(content.handled),
      bytes: data.byteLength,
    });
  }

  /**
   * Writes a snapshot where it is time for one. It is a convenience: whatever fails, the stream holds all of it, and the next time
   * is soon.
   */
  saveWhereDue<State>(source: EventSourced<State>, stream: string, instance: Instance<State>): void {
    const { revision } = instance;
    if (source.snapshotEvery === undefined || typeof revision !== "bigint" || !instance.isPlain) return;
    if (revision - instance.snapshotAt < BigInt(source.snapshotEvery)) return;
    const isFirst = instance.snapshotAt < 0n;
    instance.snapshotAt = revision;
    const data = serialize({
      foldVersion: source.foldVersion,
      revision,
      hasBegun: instance.hasBegun,
      isCompleted: instance.isCompleted,
      state: instance.state,
      handled: instance.handled.toBytes(),
    } satisfies Content);
    void this.#write(snapshotStream(stream), data, isFirst).catch(() => {});
  }

  async #write(stream: string, data: Uint8Array, isFirst: boolean): Promise<void> {
    if (isFirst) await this.#keepFew(stream);
    await this.#store.append(stream, [{ id: randomUUID(), type: TYPE, isJson: false, data, metadata: NONE }]);
  }

  /** Older snapshots are of no use. */
  async #keepFew(stream: string): Promise<void> {
    const access = await this.#access();
    const acl = access === undefined ? {} : { $acl: snapshotAcl(access) };
    await describeStream(this.#store, stream, { $maxCount: 2, ...acl });
  }
}

const NONE = new Uint8Array();

/** Undefined for what is no snapshot. */
function contentOf(data: Uint8Array): Content | undefined {
  try {
    const content: Partial<Content> = Object(deserialize(data));
    return typeof content.revision === "bigint" && content.handled instanceof Uint8Array
      ? (content as Content)
      : undefined;
  } catch {
    return undefined;
  }
}
