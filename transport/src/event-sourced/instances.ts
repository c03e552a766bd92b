import { setTimeout as sleep } from "node:timers/promises";
import type { DecideEntry, EventSourced } from "../declare/event-sourced.ts";
import type { Appending } from "../dispatch/appender.ts";
import type { OutgoingEvent } from "../dispatch/outgoing-event.ts";
import { MessageTooLarge } from "../messages/message-too-large.ts";
import type { Serializer } from "../messages/serializer.ts";
import type { OutgoingPipeline } from "../pipeline/outgoing-pipeline.ts";
import { describeStream } from "../store/describe-stream.ts";
import type { Store } from "../store/store.ts";
import { type Access, instanceAcl } from "../topology/access.ts";
import { instanceStream } from "../topology/stream-names.ts";
import type { Instance } from "./instance.ts";
import type { InstanceCache } from "./instance-cache.ts";
import { InstanceStore } from "./instance-store.ts";
import { InvalidInstanceId } from "./invalid-instance-id.ts";
import { cancellationsOf, outgoingOf } from "./outgoing-of.ts";
import { countTogether, type DecidingAttempt, type Handling, type Task } from "./task.ts";
import { TaskQueues } from "./task-queues.ts";
import { TooManyConflicts } from "./too-many-conflicts.ts";

/** Times a decision is made anew on the fresh state, because another process was quicker, before the attempt fails. */
const CONFLICTS = 50;
/** Milliseconds that it waits before one of those at most. */
const LONGEST_PAUSE = 100;
/** Bytes of bodies in one append, from which on no further decision joins it: well below what a server takes. */
const ENOUGH = 262_144;

/** What instances are read from and written to. */
export interface InstancesOptions {
  readonly store: Store;
  readonly appender: Appending;
  /** What the process remembers of its instances. */
  readonly cache: InstanceCache<Instance<unknown>>;
  /** What a decision leads to passes it. */
  readonly pipeline: OutgoingPipeline;
  /** Reads what the pipeline has written. */
  readonly serializer: Serializer;
  /** A number from 0 to 1. */
  readonly random: () => number;
  /** Whose the streams of instances are; undefined where nobody has said. @throws ServerUnreachable, AccessRefused */
  readonly access: () => Promise<Access | undefined>;
}

/** What became of a message on a state that an append, or a look at the stream, shows to be true. */
interface Outcome {
  readonly task: Task;
  readonly outgoing: readonly OutgoingEvent[];
  /** What the decision threw. */
  readonly failure?: { readonly error: unknown };
}

/** The instances of aggregates and process managers, as one process handles their messages. */
export class Instances {
  readonly #options: InstancesOptions;
  readonly #instances: InstanceStore;
  readonly #queues = new TaskQueues<Task>((waiting) => this.#round(waiting));

  constructor(options: InstancesOptions) {
    this.#options = options;
    this.#instances = new InstanceStore(options);
  }

  /**
   * Handles a message with an event-sourced handler: decides on the instance's state, and appends events and outgoing messages in
   * one append that expects the stream to be where that state was. A message whose id the stream names as a cause was handled
   * before, so state and messages are exactly once, at any distance.
   *
   * The state is mostly in memory, and may be old: others append, too. The append finds that out. Where there is nothing to append,
   * the stream is read and it is decided anew: only an append shows that the state was true.
   *
   * What waits for one instance in this process is decided one after the other, each on what the one before leads to, and stored by
   * one append: so an instance that much is sent to is not held up by the disk, nor by other processes for each message.
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
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const task = { stream, source, entry, body, origin, attempt, conflicts: 0, alone: false, resolve, reject };
    this.#queues.add(stream, task);
    await promise;
  }

  /** Deals with some of those that wait. What is to be decided anew waits again, in front of the others. */
  async #round(waiting: Task[]): Promise<void> {
    const tasks = waiting.splice(0, countTogether(waiting));
    try {
      waiting.unshift(...(await this.#decideTogether(tasks)));
    } catch (error) {
      for (const { reject } of tasks) reject(error);
    }
  }

  /** @returns those that are left to be decided. */
  async #decideTogether(tasks: readonly Task[]): Promise<readonly Task[]> {
    const [first] = tasks;
    if (first === undefined) return [];
    const { stream, source, attempt } = first;
    // What comes again may have been handled by another process since.
    const remembered = attempt.mayRepeat() ? undefined : this.#instances.remembered<unknown>(stream);
    if (remembered !== undefined) {
      const outcomes = await this.#decide(tasks, remembered);
      if (outcomes.some(({ outgoing }) => outgoing.length > 0)) return this.#append(tasks, outcomes, remembered);
    }
    const instance = await this.#instances.read<unknown>(source, stream);
    const outcomes = await this.#decide(tasks, instance);
    if (outcomes.some(({ outgoing }) => outgoing.length > 0)) return this.#append(tasks, outcomes, instance);
    for (const outcome of outcomes) settle(outcome);
    return tasks.slice(outcomes.length);
  }

  /** Decides one after the other, each on what the one before leads to. @returns the outcomes of the first of them, one at least. */
  async #decide(tasks: readonly Task[], instance: Instance<unknown>): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    // A state that is no plain data may be changed by folding: others cannot be decided on it before it is stored.
    const together = instance.isPlain ? tasks : tasks.slice(0, 1);
    const ahead = together.length > 1 ? instance.fork() : instance;
    let bytes = 0;
    for (const task of together) {
      const outcome = await this.#outcomeOf(task, instance, ahead, outcomes.length === 0);
      if (outcome === undefined) break;
      outcomes.push(outcome);
      bytes += outcome.outgoing.reduce((sum, one) => sum + one.bytes, 0);
      if (bytes > ENOUGH || !(ahead === instance || foldAhead(ahead, outcome.outgoing))) break;
    }
    return outcomes;
  }

  /** Undefined where it has to be decided when those before it are stored. */
  async #outcomeOf(
    task: Task,
    instance: Instance<unknown>,
    ahead: Instance<unknown>,
    isFirst: boolean,
  ): Promise<Outcome | undefined> {
    const { stream, origin } = task;
    if (await this.#isHandled(task, instance)) return { task, outgoing: [] };
    try {
      const { events, cancels } = await outgoingOf(task, ahead, this.#options.pipeline);
      if (cancels.size === 0 || ahead.revision === "no stream") return { task, outgoing: events };
      // What waits is looked up in the stream, where that of the others is not yet.
      if (!isFirst) return undefined;
      const deferred = await this.#instances.deferredIn(stream, cancels, ahead.revision, origin.sentAt);
      return { task, outgoing: [...events, ...cancellationsOf(task, deferred)] };
    } catch (error) {
      return { task, outgoing: [], failure: { error } };
    }
  }

  /** What the instance knows says for certain that it has not handled the message, or that it probably has. */
  async #isHandled({ stream, origin }: Task, { handled }: Instance<unknown>): Promise<boolean> {
    const { messageId } = origin.handling;
    return handled.mayHold(messageId) && (await this.#instances.holdsEffectOf(stream, messageId));
  }

  /** Stores what was decided. @returns those that are left to be decided. */
  async #append(
    tasks: readonly Task[],
    outcomes: readonly Outcome[],
    instance: Instance<unknown>,
  ): Promise<readonly Task[]> {
    const decided = outcomes.map(({ task }) => task);
    const others = tasks.slice(outcomes.length);
    const aborted = decided.filter(({ attempt }) => attempt.signal.aborted);
    if (aborted.length > 0) {
      for (const { attempt, reject } of aborted) reject(attempt.signal.reason);
      return tasks.filter((task) => !aborted.includes(task));
    }
    const [{ stream, source }] = decided as [Task, ...Task[]];
    const outgoing = outcomes.flatMap((outcome) => outcome.outgoing);
    // Until the answer is here, and where it never comes, nobody knows.
    instance.doubt = "may hold more";
    let last: bigint | undefined;
    try {
      if (instance.revision === "no stream") await this.#giveRights(stream);
      last = await this.#options.appender.appendExpecting(stream, outgoing, instance.revision);
    } catch (error) {
      if (decided.length === 1 || !(error instanceof MessageTooLarge)) {
        for (const { reject } of decided) reject(error);
        return others;
      }
      // Some server takes less at once; it is told of which message alone it is too much.
      for (const task of decided) task.alone = true;
      return tasks;
    }
    if (last === undefined) {
      instance.doubt = "holds something else";
      return [...(await this.#conflicting(stream, decided)), ...others];
    }
    // The server recognizes a repeat by its ids alone: what it has may have been decided by another process, in other words.
    const isCertain = decided.every(({ attempt }) => !attempt.mayRepeat() && !attempt.signal.aborted);
    if (isCertain) this.#remember(source, stream, instance, last, outgoing);
    for (const outcome of outcomes) settle(outcome);
    return others;
  }

  /** Before its first event: a stream that has one and no rights yet would be everybody's, were the process to die in between. */
  async #giveRights(stream: string): Promise<void> {
    const { access, store } = this.#options;
    const given = await access();
    if (given !== undefined) await describeStream(store, stream, { $acl: instanceAcl(given) });
  }

  /** Each round one of the contenders is through. The first time the loser tries at once, then they spread out. */
  async #conflicting(stream: string, tasks: readonly Task[]): Promise<readonly Task[]> {
    for (const task of tasks) task.conflicts += 1;
    const lost = tasks.filter(({ conflicts }) => conflicts >= CONFLICTS);
    for (const { reject } of lost) reject(new TooManyConflicts(stream, CONFLICTS));
    const most = Math.max(...tasks.map(({ conflicts }) => conflicts)) - 1;
    if (most > 0) await sleep(this.#options.random() * Math.min(LONGEST_PAUSE, 2 ** most));
    return tasks.filter((task) => !lost.includes(task));
  }

  #remember(
    source: Task["source"],
    stream: string,
    instance: Instance<unknown>,
    last: bigint,
    outgoing: readonly OutgoingEvent[],
  ): void {
    const first = last - BigInt(outgoing.length - 1);
    try {
      takeAll(instance, outgoing, first);
    } catch {
      // The messages are handled all the same. The next one for this instance reads the stream, and tells what is wrong with it.
      return this.#instances.forget(stream);
    }
    instance.doubt = undefined;
    this.#instances.keep(stream, instance);
    this.#instances.snapshots.saveWhereDue(source, stream, instance);
  }
}

function settle({ task, failure }: Outcome): void {
  if (failure === undefined) task.resolve();
  else task.reject(failure.error);
}

/** Folds what is not stored yet. @returns false where that fails, so that nothing can be decided on it. */
function foldAhead(ahead: Instance<unknown>, outgoing: readonly OutgoingEvent[]): boolean {
  const from = ahead.revision === "no stream" ? 0n : ahead.revision + 1n;
  try {
    takeAll(ahead, outgoing, from);
    return ahead.isPlain;
  } catch {
    return false;
  }
}

function takeAll(instance: Instance<unknown>, outgoing: readonly OutgoingEvent[], from: bigint): void {
  for (const [index, { event }] of outgoing.entries()) instance.take({ ...event, revision: from + BigInt(index) });
}
