import type { ParkedGroup, ServerObservation } from "@sluice/transport/deploy";
import type { Event, EventEmitter } from "vscode";
import type { ServerReader } from "./server.ts";

/** The server that is looked at. */
export interface WatchTarget {
  /** Of its connection. */
  readonly id: string;
  readonly open: () => Promise<ServerReader>;
}

/** What is known of the components of the server that is looked at. */
export type ServerView =
  /** Nothing yet, or there is no server to look at. */
  | { readonly kind: "nothing" }
  | {
      readonly kind: "seen";
      readonly connectionId: string;
      readonly reader: ServerReader;
      readonly observed: ServerObservation;
      /** Failed messages that nobody has dealt with, by component; of one that is not in it that is not known, or not known yet. */
      readonly failed: ReadonlyMap<string, readonly ParkedGroup[]>;
      /** Why the last look failed; what is shown is what was seen before it. */
      readonly error?: unknown;
    }
  | { readonly kind: "failed"; readonly connectionId: string; readonly error: unknown };

export interface WatchOptions {
  /** The server to look at; undefined where there is none that is connected. Asked before each look. */
  readonly target: () => WatchTarget | undefined;
  /** Components to look at although nothing of them may be on the server. */
  readonly names: () => readonly string[];
  /** Fired when what is known is no longer what it was; not where a look found the same again. */
  readonly changes: EventEmitter<void>;
  /** Resolves after so many milliseconds; rejects when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
}

const PAUSE_MS = 5_000;
/** Of the time at most that is spent on looking: a server with hundreds of components is not kept busy by it. */
const SHARE = 1 / 10;

/** Looks at a server's components again and again while somebody looks at them, and at no other time. */
export class ServerWatch {
  readonly #options: WatchOptions;
  #view: ServerView = { kind: "nothing" };
  #shown = "";
  #watchers = 0;
  #looking: Promise<void> | undefined;
  #again = false;
  #pause: AbortController | undefined;
  #isRunning = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  get onDidChange(): Event<void> {
    return this.#options.changes.event;
  }

  get view(): ServerView {
    const { target } = this.#options;
    const view = this.#view;
    return view.kind !== "nothing" && view.connectionId === target()?.id ? view : { kind: "nothing" };
  }

  /** Looks from now on, until what is answered is called. */
  watch(): () => void {
    this.#watchers += 1;
    void this.#run();
    let isWatched = true;
    return () => {
      if (isWatched) this.#watchers -= 1;
      isWatched = false;
      if (this.#watchers === 0) this.#pause?.abort();
    };
  }

  /** Looks once, now: something has changed, or somebody wants to know. Who comes while it is looked at is told by a look that begins later. */
  look(): Promise<void> {
    if (this.#looking !== undefined) {
      this.#again = true;
      return this.#looking;
    }
    return (this.#looking = this.#lookWhileAsked().finally(() => (this.#looking = undefined)));
  }

  /** The server to look at may be another one: looks at once where somebody watches, and else forgets what it has seen. */
  moved(): void {
    if (this.view.kind === "nothing" && this.#view.kind !== "nothing") this.#become({ kind: "nothing" });
    if (this.#watchers > 0) this.#pause?.abort();
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#watchers > 0 && this.#options.target() !== undefined) {
        const begun = this.#options.now();
        await this.look();
        const pause = Math.max(PAUSE_MS, (this.#options.now() - begun) / SHARE);
        this.#pause = new AbortController();
        await this.#options.wait(pause, this.#pause.signal).catch(() => {});
        this.#pause = undefined;
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #lookWhileAsked(): Promise<void> {
    do {
      this.#again = false;
      await this.#lookOnce();
    } while (this.#again);
  }

  async #lookOnce(): Promise<void> {
    const target = this.#options.target();
    if (target === undefined) return;
    const { id: connectionId } = target;
    const view = await seen(target, this.#options.names()).catch((error: unknown): ServerView => {
      const before = this.#view;
      const isKnown = before.kind === "seen" && before.connectionId === connectionId;
      return isKnown ? { ...before, error } : { kind: "failed", connectionId, error };
    });
    const isStill = (): boolean => this.#options.target()?.id === connectionId;
    // What came of a server that is no longer looked at tells nobody anything.
    if (!isStill()) return;
    if (view.kind !== "seen" || view.error !== undefined) return this.#become(view);
    const before = this.#view;
    const known = before.kind === "seen" && before.connectionId === connectionId ? before.failed : new Map();
    this.#become({ ...view, failed: known });
    const failed = await failedOf(view.reader, view.observed);
    if (isStill()) this.#become({ ...view, failed });
  }

  #become(view: ServerView): void {
    const shown = textOf(view);
    this.#view = view;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#options.changes.fire();
  }
}

async function seen({ id: connectionId, open }: WatchTarget, names: readonly string[]): Promise<ServerView> {
  const reader = await open();
  return { kind: "seen", connectionId, reader, observed: await reader.observe(names), failed: new Map() };
}

/** The server counts what it has put aside, also what somebody has dealt with; what is open has to be read, once, and then what is new. */
async function failedOf(
  reader: ServerReader,
  { components, seesGroups }: ServerObservation,
): Promise<ReadonlyMap<string, readonly ParkedGroup[]>> {
  const failed = new Map<string, readonly ParkedGroup[]>();
  if (!seesGroups) return failed;
  for (const { name, group } of components) {
    if (group === undefined) continue;
    // What cannot be read is not known; the look itself has told whether the server is there.
    const groups = group.parked === 0 ? [] : await reader.parked.groups(name).catch(() => undefined);
    if (groups !== undefined) failed.set(name, groups);
  }
  return failed;
}

/** All that is shown of it, to tell whether it is another. */
function textOf(view: ServerView): string {
  if (view.kind === "nothing") return "";
  const { connectionId, error } = view;
  const of = view.kind === "seen" ? [view.observed.components, [...view.failed]] : [];
  const sees = view.kind === "seen" ? [view.observed.seesGroups, view.observed.statuses === undefined] : [];
  return JSON.stringify([view.kind, connectionId, String(error), sees, of], (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
}
