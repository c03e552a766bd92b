import { setTimeout as sleep } from "node:timers/promises";
import type { FoldEntry, View, ViewHandle } from "../declare/view.ts";
import { checkBody } from "../messages/check-body.ts";
import { Inbox } from "../receive/inbox.ts";
import { toReceivedMessage } from "../receive/received-message.ts";
import { backoff } from "../store/backoff.ts";
import type { Environment } from "../store/environment.ts";
import type { ResolvedEvent } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { PUBLISHED } from "../topology/stream-names.ts";
import { ViewFailed } from "./view-failed.ts";

/** Ids remembered, so that an event published twice (a message handled again after a crash) is folded once. */
const CAPACITY = 100_000;

interface Waiter {
  check(): void;
  fail(error: unknown): void;
}

/** A view that is being folded: all published events, read from the beginning, and on through every loss of the connection. */
export class RunningView<State> implements ViewHandle<State> {
  readonly #store: Pick<Store, "read" | "follow">;
  readonly #view: View<State>;
  readonly #environment: Environment;
  readonly #folds: ReadonlyMap<string, FoldEntry<State>>;
  readonly #folded = new Inbox(CAPACITY);
  readonly #waiters = new Set<Waiter>();
  readonly #closing = new AbortController();
  #state: State;
  #last = -1n;
  #failure: ViewFailed | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(store: Pick<Store, "read" | "follow">, view: View<State>, environment: Environment) {
    this.#store = store;
    this.#view = view;
    this.#environment = environment;
    this.#folds = new Map(view.folds.map((fold) => [fold.on.type, fold]));
    this.#state = view.initial();
  }

  /** @throws ViewFailed */
  get state(): State {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#state;
  }

  /** Begins to fold, and answers when all that was published before is folded. */
  async start(): Promise<void> {
    const end = await this.#lastPublished();
    this.#loop = this.#follow();
    await this.#until(() => this.#last >= end);
  }

  async until(holds: (state: State) => boolean, { signal }: { readonly signal?: AbortSignal } = {}): Promise<State> {
    await this.#until(() => holds(this.state), signal);
    return this.#state;
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#loop;
    this.#fail(new Error(`The view ${this.#view.name} was stopped.`));
  }

  async #until(holds: () => boolean, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    if (holds()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = {
      check: () => {
        try {
          if (holds()) resolve();
        } catch (error) {
          reject(error);
        }
      },
      fail: reject,
    };
    const abort = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    this.#waiters.add(waiter);
    await promise.finally(() => {
      this.#waiters.delete(waiter);
      signal?.removeEventListener("abort", abort);
    });
  }

  /** Subscribes, and again after each drop, from behind what is folded. */
  async #follow(): Promise<void> {
    for (let failures = 0; !this.#closing.signal.aborted && this.#failure === undefined;) {
      const before = this.#last;
      const done = new AbortController();
      const signal = AbortSignal.any([this.#closing.signal, done.signal]);
      try {
        await this.#store.follow(PUBLISHED, { after: before < 0n ? undefined : before, signal }, async (resolved) => {
          await this.#fold(resolved);
          if (this.#failure !== undefined) done.abort();
        });
      } catch {
        // What ended the subscription does not matter: the next one goes on behind what is folded.
      }
      failures = this.#last > before ? 1 : failures + 1;
      const wait = backoff(failures, this.#environment.random());
      await sleep(wait, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }

  async #fold({ event, link }: ResolvedEvent): Promise<void> {
    const entry = event === undefined ? undefined : this.#folds.get(event.type);
    if (event !== undefined && entry !== undefined && !this.#folded.has(event.id)) {
      this.#folded.add(event.id);
      try {
        const { body, context } = toReceivedMessage(event);
        this.#state = entry.fold(this.#state, await checkBody(entry.on, body), context) ?? this.#state;
      } catch (cause) {
        return this.#fail(new ViewFailed(this.#view.name, event.id, event.type, { cause }));
      }
    }
    this.#last = (link ?? event)?.revision ?? this.#last;
    for (const waiter of [...this.#waiters]) waiter.check();
  }

  #fail(error: Error): void {
    if (error instanceof ViewFailed) this.#failure = error;
    for (const waiter of [...this.#waiters]) waiter.fail(error);
  }

  async #lastPublished(): Promise<bigint> {
    const [last] = await this.#store.read(PUBLISHED, { direction: "backwards", limit: 1 });
    return last?.event?.revision ?? -1n;
  }
}
