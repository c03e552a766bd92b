import { setTimeout as sleep } from "node:timers/promises";
import { foldVersion } from "../declare/fold-version.ts";
import type { FoldEntry, View, ViewHandle } from "../declare/view.ts";
import { checkBody } from "../messages/check-body.ts";
import type { Serializer } from "../messages/serializer.ts";
import { baseTypesIn } from "../messages/headers.ts";
import { Inbox } from "../receive/inbox.ts";
import { toReceivedMessage } from "../receive/received-message.ts";
import { backoff } from "../store/backoff.ts";
import type { Environment } from "../store/environment.ts";
import { metadataOf, type ResolvedEvent, type StoredEvent } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { PUBLISHED } from "../topology/stream-names.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { Conditions } from "./conditions.ts";
import { foldTable } from "./fold-table.ts";
import { ViewFailed } from "./view-failed.ts";

/** Ids remembered, so that an event published twice (a message handled again after a crash) is folded once. */
const CAPACITY = 100_000;
/** Of these, how many a checkpoint keeps: some 400 KB. */
const KEPT = 10_000;
const CHECKPOINT_INTERVAL = 5_000;

/** What happened to a view that somebody should know. */
export type ViewReport =
  | { readonly kind: "view failed"; readonly error: ViewFailed; readonly action: "stop" | "skip" }
  | { readonly kind: "checkpoint failed"; readonly error: unknown };

type ViewStore = Pick<Store, "read" | "follow">;

/**
 * A view that is being folded: all published events, from the beginning or from its checkpoint, and on through every loss of the
 * connection. Nobody waits for it to begin; a fold that fails concerns this view alone.
 */
export class RunningView<State> implements ViewHandle<State> {
  readonly #store: ViewStore;
  readonly #view: View<State>;
  readonly #report: (report: ViewReport) => void;
  readonly #environment: Environment;
  readonly #serializer: Serializer;
  readonly #foldFor: ReturnType<typeof foldTable<State>>;
  readonly #fold: string;
  readonly #folded = new Inbox(CAPACITY);
  readonly #conditions = new Conditions();
  readonly #closing = new AbortController();
  #state: State;
  #last: { readonly revision: bigint; readonly linkId: string } | undefined;
  /** Revision of what was published last before it began; undefined until that is known. */
  #end: bigint | undefined;
  #savedAt = 0;
  #saved: bigint | undefined;
  #failure: Error | undefined;
  /** Saves what was folded last, where nothing comes after it. */
  #lateSave: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #loop: Promise<void> = Promise.resolve();

  constructor(
    store: ViewStore,
    view: View<State>,
    report: (report: ViewReport) => void,
    environment: Environment,
    serializer: Serializer,
  ) {
    this.#serializer = serializer;
    this.#store = store;
    this.#view = view;
    this.#report = report;
    this.#environment = environment;
    this.#foldFor = foldTable(view.folds);
    this.#fold = foldVersion(
      view.options.version ?? 1,
      view.folds.map(({ on, declared }) => [on.type, declared]),
    );
    this.#state = view.initial();
  }

  /** @throws ViewFailed */
  get state(): State {
    if (this.#failure instanceof ViewFailed) throw this.#failure;
    return this.#state;
  }

  /** Begins to fold, and waits for nothing. */
  start(): void {
    this.#loop = this.#run();
  }

  async ready({ signal }: { readonly signal?: AbortSignal } = {}): Promise<State> {
    return this.#until(() => this.#end !== undefined && (this.#last?.revision ?? -1n) >= this.#end, signal);
  }

  async until(holds: (state: State) => boolean, { signal }: { readonly signal?: AbortSignal } = {}): Promise<State> {
    return this.#until(() => holds(this.#state), signal);
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#loop;
    clearTimeout(this.#lateSave);
    await this.#inTurn(async () => {
      if (this.#failure === undefined) await this.#save();
    });
    if (this.#failure !== undefined) return;
    this.#finish(new Error(`The view ${this.#view.name} was stopped.`));
  }

  async #until(holds: () => boolean, signal?: AbortSignal): Promise<State> {
    if (this.#failure !== undefined) throw this.#failure;
    await this.#conditions.until(holds, signal);
    return this.#state;
  }

  /** Subscribes, and again after each drop, from behind what is folded. */
  async #run(): Promise<void> {
    let isResumed = false;
    for (let failures = 0; !this.#closing.signal.aborted && this.#failure === undefined;) {
      const before = this.#last;
      try {
        if (!isResumed) await this.#resume();
        isResumed = true;
        this.#end ??= await this.#lastPublished();
        this.#conditions.check();
        await this.#follow();
      } catch {
        // What ended the subscription does not matter: the next one goes on behind what is folded.
      }
      failures = this.#last === before ? failures + 1 : 1;
      const wait = backoff(failures, this.#environment.random());
      await sleep(wait, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }

  async #follow(): Promise<void> {
    const done = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, done.signal]);
    await this.#store.follow(PUBLISHED, { after: this.#last?.revision, signal }, async (resolved) => {
      await this.#inTurn(() => this.#take(resolved));
      if (this.#failure !== undefined) done.abort();
    });
  }

  async #take({ event, link }: ResolvedEvent): Promise<void> {
    const entry = event === undefined ? undefined : this.#foldFor(event.type, baseTypesIn(metadataOf(event)) ?? []);
    if (event !== undefined && entry !== undefined && !this.#folded.has(event.id)) {
      this.#folded.add(event.id);
      try {
        await this.#foldIn(entry, event);
      } catch (cause) {
        this.#failed(new ViewFailed(this.#view.name, event.id, event.type, { cause }));
        if (this.#failure !== undefined) return;
      }
    }
    const at = link ?? event;
    if (at !== undefined) this.#last = { revision: at.revision, linkId: at.id };
    this.#conditions.check();
    await this.#saveWhenDue();
  }

  /** One after the other: an event is folded, or a checkpoint saved, which holds all of it then or nothing. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #saveWhenDue(): Promise<void> {
    const { checkpoints, checkpointInterval = CHECKPOINT_INTERVAL } = this.#view.options;
    if (checkpoints === undefined || this.#failure !== undefined || this.#closing.signal.aborted) return;
    const remaining = this.#savedAt + checkpointInterval - this.#environment.now();
    if (remaining <= 0) return this.#save();
    this.#lateSave ??= setTimeout(() => {
      this.#lateSave = undefined;
      void this.#inTurn(() => this.#saveWhenDue());
    }, remaining);
  }

  async #foldIn(entry: FoldEntry<State>, event: StoredEvent): Promise<void> {
    const { body, context } = toReceivedMessage(event, this.#serializer);
    this.#state = entry.fold(this.#state, await checkBody(entry.on, body), context) ?? this.#state;
  }

  #failed(error: ViewFailed): void {
    const { onFailure = "stop" } = this.#view.options;
    this.#report({ kind: "view failed", error, action: onFailure });
    if (onFailure === "stop") this.#finish(error);
  }

  #finish(error: Error): void {
    this.#failure = error;
    this.#conditions.fail(error);
  }

  /** Takes up the checkpoint, where there is one that this fold has made of what this server holds. */
  async #resume(): Promise<void> {
    const checkpoint = await this.#load();
    this.#savedAt = this.#environment.now();
    if (checkpoint === undefined) return this.#reset();
    const [there] = await this.#store.read(PUBLISHED, { from: checkpoint.revision, limit: 1 });
    if (there?.event?.id !== checkpoint.linkId) return this.#reset();
    for (const id of checkpoint.folded) this.#folded.add(id);
    // Its own fold has made it, of a state of its own.
    this.#state = checkpoint.state as State;
    this.#last = { revision: checkpoint.revision, linkId: checkpoint.linkId };
    this.#saved = checkpoint.revision;
  }

  async #load(): Promise<Checkpoint | undefined> {
    try {
      const bytes = await this.#view.options.checkpoints?.load(this.#view.name);
      return bytes === undefined ? undefined : decodeCheckpoint(bytes, this.#fold);
    } catch (error) {
      this.#report({ kind: "checkpoint failed", error });
      return undefined;
    }
  }

  async #reset(): Promise<void> {
    try {
      await this.#view.options.checkpoints?.reset?.(this.#view.name);
    } catch (error) {
      this.#report({ kind: "checkpoint failed", error });
      throw error;
    }
  }

  async #save(): Promise<void> {
    this.#savedAt = this.#environment.now();
    const { checkpoints } = this.#view.options;
    if (checkpoints === undefined || this.#last === undefined || this.#last.revision === this.#saved) return;
    const folded = this.#folded.latest(KEPT);
    try {
      const bytes = encodeCheckpoint({ ...this.#last, fold: this.#fold, state: this.#state, folded });
      await checkpoints.save(this.#view.name, bytes);
      this.#saved = this.#last.revision;
    } catch (error) {
      this.#report({ kind: "checkpoint failed", error });
    }
  }

  async #lastPublished(): Promise<bigint> {
    const [last] = await this.#store.read(PUBLISHED, { direction: "backwards", limit: 1 });
    return last?.event?.revision ?? -1n;
  }
}
