import type { Appended, AppendOptions } from "../../src/store/append.ts";
import type { FollowOptions } from "../../src/store/follow.ts";
import type { NewEvent, ResolvedEvent, StoredEvent } from "../../src/store/event.ts";
import type { ReadOptions } from "../../src/store/read.ts";
import { ServerUnreachable } from "../../src/store/server-unreachable.ts";
import { Store } from "../../src/store/store.ts";
import { WrongRevision } from "../../src/store/wrong-revision.ts";

/** What can become of a call: done and answered, done without an answer, or not even done. */
export type Fate = "answered" | "done" | "lost";

interface Call {
  readonly caller: Caller;
  run(fate: Fate): void;
}

/** The way of one process to the log. Once it is dead its calls are never answered. */
export interface Caller {
  readonly store: Pick<Store, "append" | "read" | "pages" | "follow">;
  isDead: boolean;
}

/**
 * A log of streams with `$by_category` over `later.D-*`, whose every call waits until the test lets it happen. What it answers is what
 * the server answers, its recognition of repeats among it.
 */
export class FakeLog {
  readonly streams = new Map<string, StoredEvent[]>();
  readonly calls: Call[] = [];
  /** Events that `$by_category` has not come to. */
  readonly arrivals: StoredEvent[] = [];
  readonly #followers = new Map<string, Set<() => void>>();
  readonly #now: () => number;
  #position = 0n;

  constructor(now: () => number) {
    this.#now = now;
  }

  caller(): Caller {
    const caller: Caller = {
      isDead: false,
      store: {
        append: (stream, events, options) => this.#call(caller, () => this.append(stream, events, options)),
        read: (stream, options) => this.#call(caller, () => this.read(stream, options)),
        pages: (stream, options) => Store.prototype.pages.call(caller.store as Store, stream, options),
        follow: (stream, options, take) => this.#follow(caller, stream, options, take),
      },
    };
    return caller;
  }

  append(stream: string, events: readonly NewEvent[], { expected = "any" }: AppendOptions = {}): Appended {
    const there = this.streams.get(stream) ?? [];
    this.streams.set(stream, there);
    const last = BigInt(there.length) - 1n;
    const begin = typeof expected === "bigint" ? Number(expected) + 1 : 0;
    const isRepeat =
      expected === "any"
        ? events.every(({ id }) => there.some((other) => other.id === id))
        : events.every(({ id }, index) => there[begin + index]?.id === id);
    if (isRepeat && there.length > 0) {
      const end = expected === "any" ? last : BigInt(begin + events.length - 1);
      return { revision: end, position: undefined };
    }
    if (expected !== "any" && last !== (expected === "no stream" ? -1n : expected))
      throw new WrongRevision(stream, expected, last);
    for (const event of events) {
      const revision = BigInt(there.length);
      const created = new Date(this.#now());
      const stored = { ...event, stream, revision, created, position: this.#position };
      this.#position += 1n;
      there.push(stored);
      if (stream.startsWith("later.D-")) this.arrivals.push(stored);
    }
    this.#tell(stream);
    return { revision: BigInt(there.length) - 1n, position: undefined };
  }

  /** `$by_category` links the next arrival. */
  categorize(): void {
    const event = this.arrivals.shift();
    if (event === undefined) return;
    this.append("$ce-later.D", [
      {
        id: `link ${event.position}`,
        type: "$>",
        isJson: false,
        data: event.type === "$>" ? event.data : Buffer.from(`${event.revision}@${event.stream}`),
        metadata: Buffer.from(JSON.stringify({ $o: event.stream })),
      },
    ]);
  }

  read(
    stream: string,
    { from, direction = "forwards", limit, followsLinks = false }: ReadOptions,
  ): readonly ResolvedEvent[] {
    const there = this.streams.get(stream) ?? [];
    const begin = typeof from === "bigint" ? Number(from) : direction === "forwards" ? 0 : there.length - 1;
    const found =
      direction === "forwards"
        ? there.slice(begin, begin + limit)
        : there.slice(Math.max(0, begin + 1 - limit), begin + 1).toReversed();
    return found.map((event) => (followsLinks ? this.#resolve(event) : { event, link: undefined }));
  }

  #resolve(event: StoredEvent): ResolvedEvent {
    if (event.type !== "$>") return { event, link: undefined };
    const [revision, stream] = Buffer.from(event.data).toString().split(/@(.*)/s);
    return { event: this.streams.get(stream ?? "")?.[Number(revision)], link: event };
  }

  #call<Answer>(caller: Caller, action: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.calls.push({
        caller,
        run: (fate) => {
          let answer: () => void = () => reject(new ServerUnreachable("fake", {}));
          try {
            const done = fate === "lost" ? undefined : action();
            if (fate === "answered") answer = () => resolve(done as Answer);
          } catch (error) {
            if (fate === "answered") answer = () => reject(error);
          }
          if (!caller.isDead) answer();
        },
      });
    });
  }

  async #follow(
    caller: Caller,
    stream: string,
    { after, signal, confirmed }: FollowOptions,
    take: (event: ResolvedEvent) => Promise<void> | void,
  ): Promise<void> {
    await this.#call(caller, () => undefined);
    confirmed?.();
    const followers = this.#followers.get(stream) ?? new Set();
    this.#followers.set(stream, followers);
    for (let next = after === undefined ? 0n : after + 1n; !signal.aborted;) {
      const [read] = this.read(stream, { from: next, limit: 1, followsLinks: true });
      if (read !== undefined) {
        if (!caller.isDead) await take(read);
        next += 1n;
        continue;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      followers.add(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
      await promise;
      followers.delete(resolve);
    }
  }

  #tell(stream: string): void {
    for (const wake of [...(this.#followers.get(stream) ?? [])]) wake();
  }
}
