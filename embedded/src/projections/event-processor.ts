import { NO_STATE, type StateTexts } from "./checkpoints/state-texts.ts";
import type { Partitions, PartitionState } from "./checkpoints/partitions.ts";
import { type Cause, causeOf, isCutShort } from "./emitted/cause.ts";
import { EngineFault } from "./engine-fault.ts";
import type { Emit } from "./emitted/emit.ts";
import type { EmittedEvent } from "./emitted/emitted-event.ts";
import {
  type Emission,
  type Handled,
  ProjectionFault,
  type ProjectionEvent,
  type ProjectionHandler,
} from "./handler.ts";
import type { Work } from "./readers/subscription.ts";
import type { StateLimit } from "./state-limit.ts";
import type { StreamNames } from "./stream-names.ts";
import type { Tag } from "./tags/tag.ts";

export interface EventProcessorOptions {
  readonly handler: ProjectionHandler;
  readonly names: StreamNames;
  readonly emitEnabled: boolean;
  /** State and result of the projection as a whole, from its checkpoint. */
  readonly root: StateTexts;
  readonly partitions: Partitions;
  readonly emit: Emit;
  readonly limit: StateLimit;
}

type EventWork = Exclude<Work, { readonly kind: "checkpoint" }>;

/** Turns one event after the other into states, results and what is to be written. */
export class EventProcessor {
  readonly #handler: ProjectionHandler;
  readonly #names: StreamNames;
  readonly #emitEnabled: boolean;
  readonly #partitions: Partitions;
  readonly #emit: Emit;
  readonly #limit: StateLimit;
  readonly #isPartitioned: boolean;
  readonly #producesResults: boolean;
  #root: StateTexts;
  /** Result of a shared state without partitions: it is written, but not kept (golden `projection-language/shared-state`). */
  #unkeptResult: string | null = null;
  #isRootNew: boolean;
  /** The partition whose state lives in the handler. */
  #live: string | undefined;
  #isSharedLive = false;
  #lastTag: Tag | undefined;

  constructor({ handler, names, emitEnabled, root, partitions, emit, limit }: EventProcessorOptions) {
    const { byStreams, byCustomPartitions, producesResults, definesStateTransform } = handler.definition;
    this.#handler = handler;
    this.#names = names;
    this.#emitEnabled = emitEnabled;
    this.#partitions = partitions;
    this.#emit = emit;
    this.#limit = limit;
    this.#root = root;
    this.#isRootNew = root.state === null;
    this.#isPartitioned = byStreams || byCustomPartitions;
    this.#producesResults = producesResults || definesStateTransform;
  }

  /** State and result of the projection as a whole. */
  get root(): StateTexts {
    return this.#root;
  }

  /** State and result of a partition; "" is the whole. */
  textsOf(partition: string): StateTexts {
    if (partition === "") return this.#root;
    return (this.#isPartitioned ? this.#partitions.get(partition) : undefined) ?? NO_STATE;
  }

  /** Throws a {@link ProjectionFault}; then nothing of the event has had an effect. */
  process(work: EventWork): void {
    if (work.kind === "deleted") {
      const before = this.#partitions.get(work.partition, work.tag);
      this.#enter(work.partition, before);
      this.#keep(work.partition, before, this.#handler.processDeleted(work.partition), [], work, undefined);
    } else {
      const partition = this.#partitionOf(work.event);
      if (partition !== null) this.#processEvent(work, work.event, partition);
      this.#lastTag = work.tag;
    }
  }

  #processEvent(work: EventWork, event: ProjectionEvent, partition: string): void {
    const before = this.#isPartitioned ? this.#partitions.get(partition, work.tag) : undefined;
    this.#enter(partition, before);
    const isNew = this.#isPartitioned ? before === undefined : this.#isRootNew;
    const created = isNew ? this.#handler.processCreated(event, partition) : [];
    const handled = this.#handler.process(event, partition);
    this.#keep(partition, before, handled, created, work, event);
    this.#isRootNew = false;
  }

  #partitionOf(event: ProjectionEvent): string | null {
    if (!this.#isPartitioned) return "";
    const partition = this.#handler.partitionOf(event);
    if (partition === "") {
      throw new ProjectionFault("Partition '' state was requested as locked but it is missing in the cache.");
    }
    return partition;
  }

  /** Puts the partition's state into the handler, unless it is there. */
  #enter(partition: string, before: PartitionState | undefined): void {
    if (this.#handler.definition.biState && !this.#isSharedLive) {
      if (this.#root.state === null) this.#handler.initializeShared();
      else this.#handler.loadShared(this.#root.state);
      this.#isSharedLive = true;
    }
    if (this.#live === partition) return;
    const ownState = this.#isPartitioned ? before?.state : this.#handler.definition.biState ? null : this.#root.state;
    if (ownState === null || ownState === undefined) this.#handler.initialize();
    else this.#handler.load(ownState);
    this.#live = partition;
  }

  #keep(
    partition: string,
    before: PartitionState | undefined,
    handled: Handled,
    created: readonly Emission[],
    work: EventWork,
    event: ProjectionEvent | undefined,
  ): void {
    const emissions = created.length === 0 ? handled.emitted : [...created, ...handled.emitted];
    if (emissions.length > 0 && !this.#emitEnabled) {
      throw new EngineFault("'emit' is not allowed by the projection/configuration/mode");
    }
    const { definesStateTransform, biState } = this.#handler.definition;
    const result = definesStateTransform ? this.#handler.transform() : handled.state;
    if (event?.event !== undefined && this.#handler.needsWholeMetadata && isCutShort(event.event)) {
      const stateBefore = this.#isPartitioned ? before?.state : biState ? undefined : this.#root.state;
      if (emissions.length > 0 || handled.state !== (stateBefore ?? null)) {
        throw new ProjectionFault("Invalid JSON", { bare: true });
      }
    }
    this.#limit.check("state", partition, handled.state);
    if (definesStateTransform) this.#limit.check("result", partition, result);
    this.#limit.check("shared state", "", handled.shared);
    // From here on nothing fails.
    const cause = emissions.length > 0 || this.#producesResults ? causeOf(event?.event) : undefined;
    for (const emission of emissions) this.#emit.tracked(emission.stream, this.#emitted(emission, work.tag, cause));
    if (this.#isPartitioned) {
      if (this.#producesResults) this.#writePartitionResult(partition, before, result, work.tag, cause);
      this.#partitions.set(partition, { state: handled.state, result, tag: work.tag });
      if (biState) this.#root = { state: handled.shared ?? null, result: null };
    } else {
      const previous = biState ? this.#unkeptResult : this.#root.result;
      if (this.#producesResults) this.#writeResult(previous, result, work.tag, cause);
      this.#unkeptResult = result;
      this.#root = biState ? { state: handled.shared ?? null, result: null } : { state: handled.state, result };
    }
  }

  #emitted({ type, isJson, data, metadata, earlier }: Emission, tag: Tag, cause: Cause | undefined): EmittedEvent {
    return {
      type,
      isJson,
      data: () => data,
      tag: earlier ? (this.#lastTag ?? tag) : tag,
      cause,
      ...(metadata && { metadata }),
    };
  }

  #writeResult(previous: string | null, result: string | null, tag: Tag, cause: Cause | undefined): void {
    if (result === previous) return;
    this.#emit(this.#names.result(this.#handler.definition), resultEvent(result, tag, cause));
  }

  /** A partition's result goes to its own stream; the common one gets a link to it, once its number is known. */
  #writePartitionResult(
    partition: string,
    before: PartitionState | undefined,
    result: string | null,
    tag: Tag,
    cause: Cause | undefined,
  ): void {
    const { definition } = this.#handler;
    if (before === undefined) {
      this.#emit(this.#names.partitions, { type: "$partition", isJson: false, data: () => partition, tag });
    }
    if (result === (before?.result ?? null)) return;
    const own = this.#names.partitionResult(definition, partition);
    const common = this.#names.result(definition);
    let link: string | undefined;
    this.#emit(own, {
      ...resultEvent(result, tag, cause),
      onNumbered: (revision) => {
        link = `${revision}@${own}`;
        this.#emit.wake(common);
      },
    });
    this.#emit(common, { type: "$>", isJson: false, data: () => link, tag, cause });
  }
}

function resultEvent(result: string | null, tag: Tag, cause: Cause | undefined): EmittedEvent {
  const type = result === null ? "ResultRemoved" : "Result";
  return { type, isJson: true, data: () => result ?? "", tag, cause };
}
