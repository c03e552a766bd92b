import type { ExpectedRevision } from "../../../src/streams/expected-revision.ts";
import type { LogRecord } from "../../../src/log/record.ts";
import type { Acceptance } from "../../../src/streams/results.ts";
import type { EventStore } from "../../../src/streams/event-store.ts";

export interface CrashingStore {
  /** The store as the server that will crash sees it. */
  readonly store: EventStore;
  readonly crashed: Promise<void>;
  /** Kills it, whatever it is at. */
  readonly kill: () => void;
}

/**
 * A store for a server that is killed at its append number `after`: that one still reaches the disk or does not. From then on
 * nothing is answered, nobody is woken, and there is nothing to read.
 */
export function crashingStore(inner: EventStore, after: number, lastOneArrives: boolean): CrashingStore {
  const crashed = Promise.withResolvers<void>();
  let appends = 0;
  let isDead = false;
  const die = () => {
    isDead = true;
    crashed.resolve();
    return new Promise<never>(() => {});
  };
  const whileAlive = (wake: () => void) => () => {
    if (!isDead) wake();
  };
  const overridden: Partial<EventStore> = {
    async append(...args) {
      appends++;
      if (isDead || appends > after) return die();
      if (appends < after) {
        const result = await inner.append(...args);
        return isDead ? die() : result;
      }
      if (lastOneArrives) await inner.append(...args);
      return die();
    },
    accept(stream, expected, events) {
      appends++;
      if (isDead || appends > after) return unanswered(expected, events.length, die);
      if (appends < after) {
        const accepted = inner.accept(stream, expected, events);
        if (accepted.outcome !== "accepted") return accepted;
        return { ...accepted, onDisk: accepted.onDisk.then((records) => (isDead ? die() : records)) };
      }
      if (lastOneArrives) inner.accept(stream, expected, events);
      return unanswered(expected, events.length, die);
    },
    settled: () => (isDead ? die() : inner.settled()),
    delete: (...args) => (isDead ? die() : inner.delete(...args)),
    readStream: (read) => (isDead ? { outcome: "not-found" } : inner.readStream(read)),
    readAll: (read) => (isDead ? { records: [], next: read.from, isEnd: true } : inner.readAll(read)),
    watchStream: (stream, wake) => inner.watchStream(stream, whileAlive(wake)),
    watchAll: (wake) => inner.watchAll(whileAlive(wake)),
  };
  const accepted = withOwn(inner.accepted, {
    onAccepted: (listener: (records: readonly LogRecord[]) => void) =>
      inner.accepted.onAccepted((records) => {
        if (!isDead) listener(records);
      }),
  });
  const store = withOwn(inner, { ...overridden, accepted });
  return { store, crashed: crashed.promise, kill: () => void die() };
}

/** What a projection, which knows where its output ends, is told of a write that comes to nothing. */
function unanswered(expected: ExpectedRevision, count: number, die: () => Promise<never>): Acceptance {
  const revision = (typeof expected === "number" ? expected : -1) + count;
  return { outcome: "accepted", revision, onDisk: die() };
}

function withOwn<Target extends object>(target: Target, overridden: Partial<Target>): Target {
  return new Proxy(target, {
    get(_, key) {
      const own: unknown = Reflect.get(overridden, key);
      const value: unknown = own ?? Reflect.get(target, key, target);
      return typeof value === "function" && own === undefined ? value.bind(target) : value;
    },
  });
}
