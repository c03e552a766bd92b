import { setTimeout as sleep } from "node:timers/promises";
import { BACKWARDS, END, type ResolvedEvent, START, StreamNotFoundError } from "@eventstore/db-client";
import { backoff } from "../connection/backoff.ts";
import type { Connection } from "../connection/connection.ts";
import type { FoldEntry, View, ViewHandle } from "../declare/view.ts";
import { checkBody } from "../messages/check-body.ts";
import { Inbox } from "../receive/inbox.ts";
import { CONFIRMATION_LIMIT } from "../receive/queue-subscription.ts";
import type { Surroundings } from "../receive/queue.ts";
import { toReceivedMessage } from "../receive/received-message.ts";
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
  readonly #connection: Connection;
  readonly #view: View<State>;
  readonly #surroundings: Surroundings;
  readonly #folds: ReadonlyMap<string, FoldEntry<State>>;
  readonly #folded = new Inbox(CAPACITY);
  readonly #waiters = new Set<Waiter>();
  readonly #closing = new AbortController();
  #state: State;
  #last = -1n;
  #failure: ViewFailed | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(connection: Connection, view: View<State>, surroundings: Surroundings) {
    this.#connection = connection;
    this.#view = view;
    this.#surroundings = surroundings;
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
      const subscription = this.#connection.client.subscribeToStream(PUBLISHED, {
        fromRevision: before < 0n ? START : before,
        resolveLinkTos: true,
      });
      const stop = (): void => void subscription.unsubscribe().catch(() => {});
      this.#closing.signal.addEventListener("abort", stop, { once: true });
      subscription.on("error", () => {});
      // The request has no deadline, and a server that changes its leader may drop it without an answer (cluster.md).
      const unconfirmed = setTimeout(() => subscription.destroy(), CONFIRMATION_LIMIT);
      subscription.on("confirmation", () => clearTimeout(unconfirmed));
      try {
        for await (const resolved of subscription) {
          await this.#fold(resolved);
          if (this.#closing.signal.aborted || this.#failure !== undefined) break;
        }
      } catch {
        // What ended the subscription does not matter: the next one goes on behind what is folded.
      }
      clearTimeout(unconfirmed);
      this.#closing.signal.removeEventListener("abort", stop);
      stop();
      failures = this.#last > before ? 1 : failures + 1;
      const wait = backoff(failures, this.#surroundings.random());
      await sleep(wait, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }

  async #fold({ event, link }: ResolvedEvent): Promise<void> {
    const entry = event === undefined ? undefined : this.#folds.get(event.type);
    if (event !== undefined && entry !== undefined && !this.#folded.has(event.id)) {
      this.#folded.add(event.id);
      try {
        const { body, facts } = toReceivedMessage(event);
        this.#state = entry.fold(this.#state, await checkBody(entry.on, body), facts) ?? this.#state;
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
    return this.#connection.call(async () => {
      let last = -1n;
      try {
        const read = this.#connection.client.readStream(PUBLISHED, {
          direction: BACKWARDS,
          fromRevision: END,
          maxCount: 1,
        });
        for await (const { event } of read) last = event?.revision ?? last;
      } catch (error) {
        if (!(error instanceof StreamNotFoundError)) throw error;
      }
      return last;
    });
  }
}
