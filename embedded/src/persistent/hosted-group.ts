import type { EventStore } from "../streams/event-store.ts";
import { AllSource } from "./all-source.ts";
import { CheckpointStore } from "./checkpoint-store.ts";
import { Consumer, type ConsumerIdentity, type DeliveryTarget } from "./consumer.ts";
import type { Environment } from "./environment.ts";
import { GroupFailedError, TooManyConsumersError } from "./errors.ts";
import { Group } from "./group.ts";
import { type GroupConfig, nameOf } from "./group-config.ts";
import { type GroupInfo, infoOf } from "./group-info.ts";
import { GroupReader } from "./group-reader.ts";
import type { GroupSource } from "./group-source.ts";
import { type GroupName, keyOf, type StartFrom } from "./group-target.ts";
import type { NackAction } from "./nack-action.ts";
import { ParkedStore } from "./parked-store.ts";
import { Replay } from "./replay.ts";
import { StreamSource } from "./stream-source.ts";

/** Who wants to consume, and how to reach them. */
export interface ConsumerRequest extends DeliveryTarget {
  readonly identity: ConsumerIdentity;
  /** How many messages it takes unsettled. */
  readonly slots: number;
  /** The group lets go of the consumer: it gets nothing more. */
  dropped(): void;
}

/** A consumer's side of its group. */
export interface Subscription {
  /** `stream::group`. */
  readonly id: string;
  ack(ids: readonly string[]): void;
  nack(ids: readonly string[], action: NackAction, reason: string): void;
  /** More can be delivered, after {@link DeliveryTarget.deliver} said it could not. */
  drained(): void;
  /** The consumer is gone; what it had is delivered again. */
  leave(): void;
}

/** A {@link Group} at work: it reads from the store, keeps its books there and serves its consumers. */
export class HostedGroup {
  readonly config: GroupConfig;
  readonly name: GroupName;
  readonly #store: EventStore;
  readonly #environment: Environment;
  readonly #group: Group;
  readonly #checkpoints: CheckpointStore;
  readonly #parked: ParkedStore;
  readonly #requests = new Map<Consumer, ConsumerRequest>();
  #reader: GroupReader | undefined;
  #replay: Replay | undefined;
  #unwatch = (): void => {};
  #beginning: { readonly source: GroupSource; readonly at: number } | undefined;
  #isHeld = false;
  #isTurnDue = false;
  #isAwake = false;
  #isStopped = false;

  constructor(store: EventStore, config: GroupConfig, environment: Environment) {
    this.config = config;
    this.name = nameOf(config);
    this.#store = store;
    this.#environment = environment;
    this.#checkpoints = new CheckpointStore(store, this.name, config.target.kind, environment.newId);
    this.#parked = new ParkedStore(store, this.name, environment.newId, {
      parked: (messages) => {
        for (const message of messages) this.#group.parked(message, environment.now());
        this.#work();
      },
      parkFailed: (messages) => {
        for (const message of messages) this.#group.parkFailed(message);
        this.#work();
      },
    });
    this.#group = new Group(
      config.settings,
      {
        park: (message, reason) => this.#parked.park(message, reason, environment.now()),
        checkpoint: (at) => this.#checkpoints.write(at),
      },
      environment.now(),
    );
  }

  /** Takes its place in its source, without starting: where it begins if it has no checkpoint. Throws for a pattern that is none. */
  takePlace(): void {
    this.#begin();
  }

  /** Goes on behind the last checkpoint, or begins where the configuration says. */
  start(): void {
    if (this.#isStopped) return;
    const { settings, start } = this.config;
    const { source, at } = this.#beginning ?? this.#begin();
    const checkpoint = this.#checkpoints.load();
    // Without a checkpoint what was parked before is not counted (corrections 2.5).
    if (checkpoint !== undefined) this.#parked.load();
    const from = checkpoint === undefined ? at : source.after(checkpoint);
    const isLive = checkpoint === undefined && start === "end";
    this.#reader = new GroupReader(source, this.#group, settings, from, isLive);
    this.#unwatch = source.watch(() => this.#wake());
    this.#work();
  }

  /** Reads nothing more until it is let go: another may take its place. What it has read is handed out and settled as ever. */
  hold(): void {
    this.#isHeld = true;
  }

  letGo(): void {
    this.#isHeld = false;
    this.#work();
  }

  /** Throws a {@link TooManyConsumersError}. */
  subscribe(request: ConsumerRequest): Subscription {
    const most = this.config.settings.maxSubscriberCount;
    if (most > 0 && this.#requests.size >= most) throw new TooManyConsumersError(this.name);
    const consumer = new Consumer(request.identity, request.slots, request, this.#environment.now());
    this.#requests.set(consumer, request);
    this.#group.join(consumer);
    // The first messages come after the caller has had its answer.
    this.#environment.defer(() => this.#work());
    const unlessStopped = (act: (now: number) => void): void => {
      if (this.#isStopped) return;
      act(this.#environment.now());
      this.#work();
    };
    return {
      id: keyOf(this.name),
      ack: (ids) => unlessStopped((now) => this.#group.ack(ids, now)),
      nack: (ids, action, reason) => unlessStopped((now) => this.#group.nack(ids, action, reason, now)),
      drained: () => unlessStopped(() => this.#group.drained(consumer)),
      leave: () =>
        unlessStopped(() => {
          this.#requests.delete(consumer);
          this.#group.leave(consumer);
        }),
    };
  }

  /** Delivers again what is parked, up to the entry numbered `stopAt`. Nothing new while it is at it (spec 2.5). */
  replayParked(stopAt: number | undefined): void {
    if (stopAt !== undefined && stopAt < 0) {
      throw new GroupFailedError(this.name, "Cannot stop replaying parked message at a negative version.");
    }
    this.#replay ??= new Replay(this.#store, this.#parked, this.#group, stopAt);
    this.#work();
  }

  tick(): void {
    if (this.#isStopped) return;
    this.#group.tick(this.#environment.now());
    this.#checkpoints.retry();
    this.#work();
  }

  info(): GroupInfo {
    const now = this.#environment.now();
    const consumers = [...this.#group.consumers].map((consumer) => infoOf(consumer, now));
    return {
      config: this.config,
      status: this.#status(),
      consumers,
      averagePerSecond: this.#group.throughput.perSecond(now),
      totalItems: this.#group.throughput.total,
      countSinceLastMeasurement: this.#group.throughput.sinceLastAsked(),
      lastCheckpoint: this.#checkpoints.latest,
      lastKnown: this.#reader?.lastKnown,
      readBuffer: this.#group.buffered,
      liveBuffer: this.#reader?.liveCount ?? 0,
      retryBuffer: this.#group.retrying,
      inFlight: consumers.reduce((sum, consumer) => sum + consumer.inFlight, 0),
      outstanding: this.#group.inFlight,
      parked: this.#parked.count,
    };
  }

  /** Lets go of everybody. What is being written is still written: see {@link idle}. */
  stop(): void {
    this.#isStopped = true;
    this.#unwatch();
    this.#dropConsumers();
  }

  /** Once nothing is being written any more. */
  async idle(): Promise<void> {
    await this.#parked.idle();
    // Settling what was parked may have written a checkpoint.
    await this.#checkpoints.idle();
  }

  #begin(): { readonly source: GroupSource; readonly at: number } {
    const { target, settings, start } = this.config;
    const source: GroupSource =
      target.kind === "all"
        ? new AllSource(this.#store, target.filter, settings, this.#environment.compilePattern)
        : new StreamSource(this.#store, target.stream, settings.resolveLinks);
    this.#beginning = { source, at: placeIn(source, start) };
    return this.#beginning;
  }

  /** Reads what there is room for and hands out what there are slots for. */
  #work(): void {
    const reader = this.#reader;
    if (this.#isStopped || reader === undefined) return;
    const now = this.#environment.now();
    for (;;) {
      const isTurnOver = !this.#isHeld && reader.advance(now);
      if (reader.isGone) return this.#dropConsumers();
      if (this.#replay?.advance() === true) this.#replay = undefined;
      this.#group.pump(now);
      if (isTurnOver) return this.#takeTurn();
      // What was handed out has made room.
      if (this.#isHeld || !reader.isHungry) return;
    }
  }

  /** A commit has happened. It has others to tell, too, so the work comes right behind it, once however many there were. */
  #wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    queueMicrotask(() => {
      this.#isAwake = false;
      this.#work();
    });
  }

  /** Goes on when everybody else has had a turn. */
  #takeTurn(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    this.#environment.defer(() => {
      this.#isTurnDue = false;
      this.#work();
    });
  }

  #dropConsumers(): void {
    for (const [consumer, request] of [...this.#requests]) {
      this.#requests.delete(consumer);
      this.#group.leave(consumer);
      request.dropped();
    }
  }

  #status(): string {
    const reader = this.#reader;
    if (reader === undefined) return "NotReady";
    const states: string[] = [];
    if (!reader.isLive) states.push("Behind");
    // A tombstoned stream's group waits for its page for ever (golden `persistent/source-tombstoned`).
    if (this.#isTurnDue || reader.isGone) states.push("OutstandingPageRequest");
    if (this.#replay !== undefined) states.push("ReplayingParkedMessages");
    if (reader.isLive) states.push("Live");
    return states.join(", ");
  }
}

/** Where a group without a checkpoint begins. */
function placeIn(source: GroupSource, start: StartFrom): number {
  if (start === "start") return 0;
  return start === "end" ? source.end : start;
}
