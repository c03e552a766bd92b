import { setTimeout as sleep } from "node:timers/promises";
import type { DecideEntry, EventSourced } from "../declare/event-sourced.ts";
import type { Appender } from "../dispatch/appender.ts";
import { type OutgoingEvent, toEvent } from "../dispatch/outgoing-event.ts";
import { CANCELLED, cancellationMessage } from "../messages/cancellation.ts";
import { destinationOf, type SendingContext } from "../messages/compose.ts";
import type { Message } from "../messages/definition.ts";
import { outgoingIds } from "../messages/ids.ts";
import type { Serializer } from "../messages/serializer.ts";
import { ContextItems } from "../pipeline/context-items.ts";
import type { OutgoingPipeline } from "../pipeline/outgoing-pipeline.ts";
import type { Attempt } from "../receive/attempt.ts";
import type { Store } from "../store/store.ts";
import { instanceStream } from "../topology/stream-names.ts";
import { decisionOf } from "./decision.ts";
import type { Instance } from "./instance.ts";
import type { InstanceCache } from "./instance-cache.ts";
import { InstanceStore } from "./instance-store.ts";
import { InvalidInstanceId } from "./invalid-instance-id.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { TooManyConflicts } from "./too-many-conflicts.ts";

/** Times a decision is made anew on the fresh state, because another process was quicker, before the attempt fails. */
const CONFLICTS = 50;
/** Milliseconds that it waits before one of those at most. */
const LONGEST_PAUSE = 100;

/** What instances are read from and written to. */
export interface InstancesOptions {
  readonly store: Store;
  readonly appender: Appender;
  /** What the process remembers of its instances. */
  readonly cache: InstanceCache<Instance<unknown>>;
  /** What a decision leads to passes it. */
  readonly pipeline: OutgoingPipeline;
  /** Reads what the pipeline has written. */
  readonly serializer: Serializer;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

/** Who handles, and which message. */
type Handling = SendingContext & { readonly handling: NonNullable<SendingContext["handling"]> };

/** What a decision needs to know of the attempt it is made in. */
type DecidingAttempt = Pick<Attempt, "mayRepeat" | "signal"> & Partial<Pick<Attempt, "items">>;

/** One message for one instance. */
interface Task<State> {
  readonly stream: string;
  readonly source: EventSourced<State>;
  readonly entry: DecideEntry<State>;
  readonly body: object;
  readonly origin: Handling;
  readonly attempt: DecidingAttempt;
}

/** The instances of aggregates and process managers, as one process handles their messages. */
export class Instances {
  readonly #options: InstancesOptions;
  readonly #instances: InstanceStore;
  readonly #turns = new OneAtATime();

  constructor(options: InstancesOptions) {
    this.#options = options;
    this.#instances = new InstanceStore(options.store, options.cache, options.serializer);
  }

  /**
   * Handles a message with an event-sourced handler: decides on the instance's state, and appends events and outgoing messages in
   * one append that expects the stream to be where that state was. A message whose id the stream names as a cause was handled
   * before, so state and messages are exactly once, at any distance.
   *
   * The state is mostly in memory, and may be old: others append, too. The append finds that out. Where there is nothing to append,
   * or the decision throws, the stream is read and it is decided anew: only an append shows that the state was true.
   *
   * Messages for one instance take turns in this process; other processes may be quicker, and then it is decided anew.
   * @throws InvalidInstanceId, FoldFailed, InstanceNotFound, InstanceCompleted, TooManyConflicts, MessageTooLarge,
   *   ServerUnreachable, and what `decide` throws.
   */
  async handle<State>(
    source: EventSourced<State>,
    entry: DecideEntry<State>,
    body: object,
    origin: Handling,
    attempt: DecidingAttempt,
  ): Promise<void> {
    const id: unknown = entry.id(body, origin.handling);
    if (typeof id !== "string" || id === "") throw new InvalidInstanceId(source.category, origin.handling.type, id);
    const stream = instanceStream(source.category, id);
    const task: Task<State> = { stream, source, entry, body, origin, attempt };
    await this.#turns.run(stream, async () => {
      for (let conflicts = 0; conflicts < CONFLICTS; conflicts += 1) {
        if (await this.#decide(task)) return;
        // Each round one of the contenders is through. The first time the loser tries at once, then they spread out.
        if (conflicts > 0) await sleep(this.#options.random() * Math.min(LONGEST_PAUSE, 2 ** conflicts));
      }
      throw new TooManyConflicts(stream, CONFLICTS);
    });
  }

  /** @returns false where another was quicker, and nothing is stored. */
  async #decide<State>(task: Task<State>): Promise<boolean> {
    const { stream, source, attempt } = task;
    // What comes again may have been handled by another process since.
    const remembered = attempt.mayRepeat() ? undefined : this.#instances.remembered<State>(stream);
    if (remembered !== undefined) {
      if (await this.#isHandled(task, remembered)) return true;
      const outgoing = await this.#outgoingOf(task, remembered).catch(() => []);
      if (outgoing.length > 0) return this.#append(task, remembered, outgoing);
    }
    const instance = await this.#instances.read(source, stream);
    if (await this.#isHandled(task, instance)) return true;
    const outgoing = await this.#outgoingOf(task, instance);
    return outgoing.length === 0 || this.#append(task, instance, outgoing);
  }

  /** What the instance knows says for certain that it has not handled the message, or that it probably has. */
  async #isHandled<State>({ stream, origin }: Task<State>, { handled }: Instance<State>): Promise<boolean> {
    const { messageId } = origin.handling;
    return handled.mayHold(messageId) && (await this.#instances.holdsEffectOf(stream, messageId));
  }

  async #append<State>(
    { stream, source, attempt }: Task<State>,
    instance: Instance<State>,
    outgoing: readonly OutgoingEvent[],
  ): Promise<boolean> {
    attempt.signal.throwIfAborted();
    // Until the answer is here, and where it never comes, nobody knows.
    instance.doubt = "may hold more";
    const last = await this.#options.appender.appendExpecting(stream, outgoing, instance.revision);
    if (last === undefined) {
      instance.doubt = "holds something else";
      return false;
    }
    // The server recognizes a repeat by its ids alone: what it has may have been decided by another process, in other words.
    if (attempt.mayRepeat() || attempt.signal.aborted) return true;
    try {
      const first = last - BigInt(outgoing.length - 1);
      for (const [index, { event }] of outgoing.entries()) instance.take({ ...event, revision: first + BigInt(index) });
    } catch {
      // The message is handled all the same. The next one for this instance reads the stream, and tells what is wrong with it.
      this.#instances.forget(stream);
      return true;
    }
    instance.doubt = undefined;
    this.#instances.keep(stream, instance);
    this.#instances.snapshots.saveWhereDue(source, stream, instance);
    return true;
  }

  /** What the decision sends, ready to be appended. */
  async #outgoingOf<State>(task: Task<State>, instance: Instance<State>): Promise<readonly OutgoingEvent[]> {
    const { origin: context, source, stream, entry, attempt } = task;
    const idOf = outgoingIds(context.handling.messageId, `${context.source}/${source.category}`);
    const items = new ContextItems(attempt.items);
    const origin = { source: context.source, now: context.sentAt };
    const outgoing: OutgoingEvent[] = [];
    const decided = decisionOf(entry, instance, { stream, body: task.body, context: context.handling });
    for (const { definition, body, cancels, timing: options = {} } of decided) {
      if (cancels === true) continue;
      const id = idOf(definition.type, destinationOf(definition, context.handling, undefined));
      await this.#options.pipeline.run({ definition, body, id, options, context, items }, (message) => {
        outgoing.push(toEvent(message, origin));
      });
    }
    const canceled = canceledTypes(source, decided);
    if (canceled.size === 0 || instance.revision === "no stream") return outgoing;
    for (const one of await this.#instances.deferredIn(stream, canceled, instance.revision, context.sentAt)) {
      outgoing.push(toEvent(cancellationMessage(one, idOf(CANCELLED, one.to), context), origin));
    }
    return outgoing;
  }
}

/** Of which types a decision cancels what waits: those that it names, and where it ends its instance, those declared so. */
function canceledTypes(
  { completedBy, canceledByCompletion }: Pick<EventSourced<unknown>, "completedBy" | "canceledByCompletion">,
  decided: readonly Message[],
): ReadonlySet<string> {
  const named = decided.filter(({ cancels }) => cancels === true).map(({ definition }) => definition.type);
  const ends = decided.some(({ definition }) => completedBy.includes(definition.type));
  return new Set([...named, ...(ends ? canceledByCompletion : [])]);
}
