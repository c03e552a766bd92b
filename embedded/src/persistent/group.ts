import { Fifo } from "../log/fifo.ts";
import type { LogRecord } from "../log/record.ts";
import type { ResolvedRecord } from "../streams/results.ts";
import { CheckpointPolicy } from "./checkpoint-policy.ts";
import type { Consumer } from "./consumer.ts";
import type { Dispatch } from "./dispatch.ts";
import { dispatchOf } from "./dispatch-of.ts";
import type { GroupSettings } from "./group-settings.ts";
import { Message } from "./message.ts";
import type { NackAction } from "./nack-action.ts";
import { Throughput } from "./throughput.ts";
import { Unsettled } from "./unsettled.ts";
import { Waiting } from "./waiting.ts";

/** Replayed messages that may wait; the rest stays on disk meanwhile. */
const MOST_REPLAYS = 500;

/** What a group asks of the world around it. */
export interface GroupEffects {
  /** Store a link to the message in the parked stream, then tell {@link Group.parked} or {@link Group.parkFailed}. */
  park(message: Message, reason: string): void;
  /** Everything up to and including `at` is done with. */
  checkpoint(at: number): void;
}

/**
 * A group of consumers of one stream or of `$all`: what waits, who has what, and what is done with.
 *
 * Nothing but state: it knows no clock, no store and no connection. Events come in as calls, with the time where it
 * matters; messages go out through {@link Consumer.target}, the rest through {@link GroupEffects}. After the calls that make
 * work, {@link pump} hands out what can be handed out.
 *
 * Places (`at`) are revisions for a group on a stream, log positions for one on `$all`.
 */
export class Group {
  readonly #settings: GroupSettings;
  readonly #effects: GroupEffects;
  readonly #dispatch: Dispatch;
  readonly #policy: CheckpointPolicy;
  readonly #consumers = new Set<Consumer>();
  /** Delivered and not settled, by id, in the order of delivery: so the longest out are first. */
  readonly #inFlight = new Map<string, Message>();
  /** Messages whose id is in flight already, by that id. */
  readonly #held = new Map<string, Message[]>();
  readonly #unsettled = new Unsettled();
  readonly throughput: Throughput;

  #sequence = -1;
  #lastRead = -1;
  #replayed = 0;
  readonly #waiting = new Waiting();
  /** Of replayed messages those that nobody has taken yet. */
  readonly #replays = new Waiting();
  /** The newest of what was handed out or passed over: its number among all of these, and where it lies. */
  #known = { number: -1, at: -1 };
  /** Read, and not counted yet: those that have not had their turn. */
  readonly #beforeTheirTurn = new Fifo<Message>();
  #isPumping = false;

  constructor(settings: GroupSettings, effects: GroupEffects, now: number) {
    this.#settings = settings;
    this.#effects = effects;
    this.#dispatch = dispatchOf(settings.consumerStrategy);
    this.#policy = new CheckpointPolicy(settings, now);
    this.throughput = new Throughput(now);
  }

  get consumers(): ReadonlySet<Consumer> {
    return this.#consumers;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Messages that were read and wait for a consumer. */
  get buffered(): number {
    return this.#dispatch.fresh;
  }

  get retrying(): number {
    return this.#dispatch.retrying;
  }

  /** How many more replayed messages may wait. */
  get replayRoom(): number {
    return this.#replays.roomOf(MOST_REPLAYS);
  }

  /** How many more messages may wait. */
  get room(): number {
    return this.#waiting.roomOf(this.#settings.historyBufferSize);
  }

  /** The next record of the source, which the group is to deliver. */
  read(resolved: ResolvedRecord, original: LogRecord, at: number): void {
    const message = new Message(resolved, original, ++this.#sequence, at, this.#lastRead);
    this.#lastRead = at;
    this.#unsettled.append(message);
    this.#beforeTheirTurn.push(message);
    this.#waiting.add(message);
    this.#dispatch.add(message);
  }

  /** The next `count` records of the source, up to `at`, which the group's filter leaves out: done with as they are. */
  passOver(at: number, count: number, now: number): void {
    this.#lastRead = at;
    this.#known = { number: this.#known.number + count, at };
    this.#considerCheckpoint(now, false);
  }

  /** A message of the parked stream that is to be handled again. */
  replay(resolved: ResolvedRecord, original: LogRecord): void {
    const message = Message.replayed(resolved, original, this.#replayed++);
    this.#replays.add(message);
    this.#wait(message);
  }

  join(consumer: Consumer): void {
    this.#consumers.add(consumer);
    this.#dispatch.join(consumer);
  }

  /** The consumer is gone: what it had comes again, whatever the retry count (golden `persistent/redelivery-after-disconnect`). */
  leave(consumer: Consumer): void {
    if (!this.#consumers.delete(consumer)) return;
    this.#dispatch.leave(consumer);
    for (const message of this.#inFlight.values()) {
      if (message.owner !== consumer) continue;
      message.owner = undefined;
      if (message.state === "in-flight") this.#retry(message, true);
    }
  }

  /** The consumer's connection can take more. */
  drained(consumer: Consumer): void {
    consumer.congested = false;
    if (this.#consumers.has(consumer)) this.#dispatch.freed(consumer);
  }

  /** Done with. Ids that are not in flight say nothing, whoever sends them. */
  ack(ids: readonly string[], now: number): void {
    for (const id of ids) {
      const message = this.#inFlight.get(id);
      if (message?.state === "in-flight") this.#settle(message, now);
    }
    this.#considerCheckpoint(now, false);
  }

  /** Not handled; see {@link NackAction} for what becomes of it. */
  nack(ids: readonly string[], action: NackAction, reason: string, now: number): void {
    for (const id of ids) {
      const message = this.#inFlight.get(id);
      if (message?.state !== "in-flight") continue;
      if (action === "skip" || action === "stop") this.#settle(message, now);
      else if (action === "park") this.#park(message, `Client explicitly NAK'ed message.\n${reason}`);
      else this.#retryOrPark(message, now);
    }
    this.#considerCheckpoint(now, false);
  }

  /** The parked link is durable. */
  parked(message: Message, now: number): void {
    if (message.state !== "parking") return;
    this.#settle(message, now);
    this.#considerCheckpoint(now, false);
  }

  /** The parked link could not be stored: the message is as good as never parked. */
  parkFailed(message: Message): void {
    if (message.state === "parking") this.#retry(message, false);
  }

  /** Looks for messages that are out too long, and for a checkpoint whose time has come. To be called once a second. */
  tick(now: number): void {
    const late: Message[] = [];
    for (const message of this.#inFlight.values()) {
      if (message.state === "parking") continue;
      if (now - message.sentAt < this.#settings.messageTimeout) break;
      late.push(message);
    }
    for (const message of late) this.#retryOrPark(message, now);
    this.#considerCheckpoint(now, true);
  }

  /** Hands out all that somebody has room for. */
  pump(now: number): void {
    // A target that fails may call back in; the loop below sees what came of it.
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      for (let message = this.#take(); message !== undefined; message = this.#take()) {
        if (this.#inFlight.has(message.id)) this.#hold(message);
        else this.#deliver(message, now);
      }
    } finally {
      this.#isPumping = false;
    }
  }

  #take(): Message | undefined {
    const message = this.#dispatch.take();
    if (message !== undefined) this.#waiting.remove(message);
    return message;
  }

  #deliver(message: Message, now: number): void {
    const consumer = message.owner;
    if (consumer === undefined) return;
    message.state = "in-flight";
    message.sentAt = now;
    this.#inFlight.set(message.id, message);
    consumer.inFlight++;
    consumer.throughput.count();
    this.throughput.count();
    if (!message.wasDelivered) {
      message.wasDelivered = true;
      if (message.isReplayed) this.#replays.remove(message);
      else this.#countUpTo(message);
    }
    if (!consumer.target.deliver(message)) consumer.congested = true;
  }

  /**
   * Messages are numbered when their turn comes, not when they are read: one that waited while a filter passed over others
   * takes the checkpoint back to its true place once it is done with. Those that it overtakes are numbered with it.
   */
  #countUpTo({ sequence }: Message): void {
    const waiting = this.#beforeTheirTurn;
    for (let next = waiting.peek(); next !== undefined && next.sequence <= sequence; next = waiting.peek()) {
      waiting.shift();
      const number = this.#known.number + 1;
      next.turn = { number, behind: Math.min(next.before, this.#known.at) };
      this.#known = { number, at: next.place };
    }
  }

  /** Two events may have one id. The second waits until the first is settled, or an ack would not know its message. */
  #hold(message: Message): void {
    const owner = message.owner;
    message.owner = undefined;
    message.state = "held";
    const others = this.#held.get(message.id);
    if (others === undefined) this.#held.set(message.id, [message]);
    else others.push(message);
    if (owner !== undefined) this.#dispatch.freed(owner);
  }

  #settle(message: Message, now: number): void {
    if (this.#settings.extraStatistics) message.owner?.measurements.add(now - message.sentAt);
    this.#takeBack(message);
    message.state = "settled";
    if (!message.isReplayed) this.#unsettled.remove(message);
    const next = this.#held.get(message.id);
    if (next === undefined) return;
    this.#held.delete(message.id);
    for (const twin of next) this.#wait(twin);
  }

  #retryOrPark(message: Message, now: number): void {
    const most = this.#settings.maxRetryCount;
    if (message.retryCount >= most) this.#park(message, `Reached retry count of ${most}`);
    else {
      if (this.#settings.extraStatistics) message.owner?.measurements.add(now - message.sentAt);
      this.#retry(message, true);
    }
  }

  #retry(message: Message, counts: boolean): void {
    this.#takeBack(message);
    if (counts) message.retryCount++;
    this.#wait(message);
  }

  #wait(message: Message): void {
    message.state = "waiting";
    this.#waiting.add(message);
    this.#dispatch.addRetry(message);
  }

  /** It stays in flight, and in its consumer's slot, until the link is stored. */
  #park(message: Message, reason: string): void {
    message.state = "parking";
    this.#effects.park(message, reason);
  }

  #takeBack(message: Message): void {
    this.#inFlight.delete(message.id);
    const owner = message.owner;
    if (owner === undefined) return;
    message.owner = undefined;
    owner.inFlight--;
    this.#dispatch.freed(owner);
  }

  #considerCheckpoint(now: number, byTime: boolean): void {
    const { number, at } = this.#doneWith();
    if (at >= 0 && this.#policy.due(number, now, byTime)) this.#effects.checkpoint(at);
  }

  /**
   * The last place of which all up to it is done with.
   *
   * What had its turn holds it back, also what a pinned strategy left waiting while later messages went out. What has
   * never had its turn does not: where a filter passes over later records, they take the checkpoint past it
   * (golden `persistent-strategies/all-checkpoint-passes-the-undelivered`).
   */
  #doneWith(): { readonly number: number; readonly at: number } {
    const turn = this.#unsettled.oldest?.turn;
    return turn === undefined ? this.#known : { number: turn.number - 1, at: turn.behind };
  }
}
