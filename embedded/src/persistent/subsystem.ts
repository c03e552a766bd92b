import { randomUUID } from "node:crypto";
import type { EventStore } from "../streams/event-store.ts";
import { checkpointStream, parkedStream } from "./bookkeeping-streams.ts";
import type { CompilePattern } from "./all-filter.ts";
import { ConfigStore } from "./config-store.ts";
import type { Environment } from "./environment.ts";
import { GroupExistsError, GroupNotFoundError } from "./errors.ts";
import { type GroupConfig, nameOf } from "./group-config.ts";
import type { GroupInfo } from "./group-info.ts";
import { type GroupName, keyOf, type StartFrom } from "./group-target.ts";
import type { GroupSettings } from "./group-settings.ts";
import { type ConsumerRequest, HostedGroup, type Subscription } from "./hosted-group.ts";
import type { NewId } from "./new-id.ts";
import { validate } from "./validation.ts";

/** Persistent subscriptions: groups of consumers that share the events of a stream or of `$all` (spec 2). */
export interface PersistentSubscriptions {
  /** Stores a new group and starts it. The stream need not exist. Throws a GroupExistsError or GroupFailedError. */
  create(config: GroupConfig): Promise<void>;
  /**
   * Gives a group new settings; its filter stays. Its consumers are dropped. It goes on behind its checkpoint, or where
   * `start` says if it has none. Throws a GroupNotFoundError or GroupFailedError.
   */
  update(name: GroupName, start: StartFrom, settings: GroupSettings): Promise<void>;
  /** Forgets a group, its checkpoint and what it has parked. Throws a GroupNotFoundError. */
  delete(name: GroupName): Promise<void>;
  /** Consumes from a group. Throws a GroupNotFoundError or TooManyConsumersError. */
  subscribe(name: GroupName, request: ConsumerRequest): Subscription;
  /** Delivers again what is parked; up to the parked stream's entry `stopAt`, if given. Throws a GroupNotFoundError or GroupFailedError. */
  replayParked(name: GroupName, stopAt?: number): void;
  /** Throws a GroupNotFoundError. */
  info(name: GroupName): GroupInfo;
  list(): readonly GroupInfo[];
  /** Throws a GroupNotFoundError, with an empty group, for a stream that never had a group. */
  listOf(stream: string): readonly GroupInfo[];
  /** Drops all consumers and starts all groups anew from what is stored. */
  restart(): Promise<void>;
  /** Drops all consumers and resolves when all that was begun is written. */
  stop(): Promise<void>;
}

export interface PersistentSubscriptionOptions {
  readonly store: EventStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Default: random UUIDs. */
  readonly newId?: NewId;
  /** Runs something when everybody else has had a turn. Default `setImmediate`. */
  readonly defer?: (run: () => void) => void;
  /** What patterns in filters mean. Default: what they mean in JavaScript. */
  readonly compilePattern?: CompilePattern;
  /** Calls `tick` once a second, until the answer is called. Default: a timer that keeps no process alive. */
  readonly everySecond?: (tick: () => void) => () => void;
}

/** Starts all groups that are stored, each where its checkpoint says. */
export function startPersistentSubscriptions(options: PersistentSubscriptionOptions): PersistentSubscriptions {
  const { store } = options;
  const environment: Environment = {
    now: options.now,
    newId: options.newId ?? randomUUID,
    defer: options.defer ?? setImmediate,
    compilePattern: options.compilePattern ?? ((source) => new RegExp(source, "u")),
  };
  const stored = new ConfigStore(store, environment);
  const groups = new Map<string, HostedGroup>();
  /** Streams that have or had a group since the start. */
  const streams = new Set<string>();
  let commands: Promise<unknown> = Promise.resolve();

  /** Commands run one after the other: each sees what the one before it left. */
  function inTurn<T>(command: () => Promise<T>): Promise<T> {
    const result = commands.then(command);
    commands = result.catch(() => {});
    return result;
  }

  function find(name: GroupName): HostedGroup {
    const group = groups.get(keyOf(name));
    if (group === undefined) throw new GroupNotFoundError(name);
    return group;
  }

  const made = (config: GroupConfig) => new HostedGroup(store, config, environment);

  function host(group: HostedGroup): void {
    groups.set(keyOf(group.name), group);
    streams.add(group.name.stream);
  }

  /** All configurations, with one of them changed, added or (undefined) removed. */
  function configsWith(name: GroupName, config: GroupConfig | undefined): GroupConfig[] {
    const configs = new Map([...groups].map(([key, group]) => [key, group.config]));
    if (config === undefined) configs.delete(keyOf(name));
    else configs.set(keyOf(name), config);
    return [...configs.values()];
  }

  async function create(config: GroupConfig): Promise<void> {
    const name = nameOf(config);
    if (groups.has(keyOf(name))) throw new GroupExistsError(name);
    validate(config, store);
    const group = made(config);
    // What is written from here on is for the group, its own configuration among it; nothing is left of it where that fails.
    group.takePlace();
    await stored.save(configsWith(name, config));
    host(group);
    group.start();
  }

  async function update(name: GroupName, start: StartFrom, settings: GroupSettings): Promise<void> {
    const before = find(name);
    const config = { ...before.config, start, settings };
    validate(config, store);
    const group = made(config);
    // One ends where the other begins.
    group.takePlace();
    before.hold();
    try {
      await stored.save(configsWith(name, config));
    } catch (error) {
      before.letGo();
      throw error;
    }
    before.stop();
    host(group);
    await before.idle();
    group.start();
  }

  async function remove(name: GroupName): Promise<void> {
    const group = find(name);
    await stored.save(configsWith(name, undefined));
    groups.delete(keyOf(name));
    group.stop();
    await group.idle();
    // A stream that was never written answers that nothing is there to delete, which is as well.
    await Promise.all([checkpointStream(name), parkedStream(name)].map((stream) => store.delete(stream, "any")));
  }

  /** All groups that are stored; none of them at work yet. */
  function hostStored(): readonly HostedGroup[] {
    const all = stored.load().map(made);
    for (const group of all) host(group);
    return all;
  }

  function startAll(all: readonly HostedGroup[]): void {
    for (const group of all) {
      try {
        group.start();
      } catch {
        // A pattern that somebody wrote into the configuration by hand: this group stays NotReady until it is deleted.
        continue;
      }
    }
  }

  /** Lets go of everybody at once, and settles when all that was begun is written. */
  async function stopAll(): Promise<void> {
    const all = [...groups.values()];
    groups.clear();
    for (const group of all) group.stop();
    await Promise.all(all.map((group) => group.idle()));
  }

  /** Consumers come back at once: they find their groups, and are served when what the old ones had begun is written. */
  async function restart(): Promise<void> {
    const stopped = stopAll();
    const all = hostStored();
    await stopped;
    startAll(all);
  }

  startAll(hostStored());
  const stopTicking = (options.everySecond ?? everySecond)(() => {
    for (const group of groups.values()) group.tick();
  });

  return {
    create: (config) => inTurn(() => create(config)),
    update: (name, start, settings) => inTurn(() => update(name, start, settings)),
    delete: (name) => inTurn(() => remove(name)),
    subscribe: (name, request) => find(name).subscribe(request),
    replayParked: (name, stopAt) => find(name).replayParked(stopAt),
    info: (name) => find(name).info(),
    list: () => Array.from(groups.values(), (group) => group.info()),
    listOf(stream) {
      if (!streams.has(stream)) throw new GroupNotFoundError({ stream, group: "" });
      return [...groups.values()].filter(({ name }) => name.stream === stream).map((group) => group.info());
    },
    restart: () => inTurn(restart),
    stop: () => {
      stopTicking();
      return inTurn(stopAll);
    },
  };
}

function everySecond(tick: () => void): () => void {
  const timer = setInterval(tick, 1000);
  timer.unref();
  return () => clearInterval(timer);
}
