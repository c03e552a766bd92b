import { setTimeout as sleep } from "node:timers/promises";
import { backoff } from "../store/backoff.ts";
import { metadataOf, type ResolvedEvent } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { minuteOf, minuteText } from "../topology/minute.ts";
import { deferredStream, laterQueueStream, laterStream, retriesStream } from "../topology/stream-names.ts";
import { Agenda } from "./agenda.ts";
import type { Clock } from "./clock.ts";
import { type Cursor, readCursor, writeCursor } from "./cursor.ts";
import { type Entry, entryOf, laterStreamFrom } from "./entry.ts";
import { LinkLog } from "./link-log.ts";

export interface SchedulerOptions {
  readonly store: Pick<Store, "append" | "read" | "pages" | "follow">;
  readonly component: string;
  readonly clock: Clock;
  /** A number from 0 to 1. */
  readonly random: () => number;
  /** It has failed, and goes on after `retryIn` milliseconds. */
  readonly onInterrupted: (error: unknown, retryIn: number) => void;
  /** Links of finished minutes that are remembered, and read back at a start: so far is a message stored twice linked once. */
  readonly remembered?: { readonly running: number; readonly atStart: number };
}

const PAGE = 500;
/** Links in one append at most. */
const TOGETHER = 200;
/** Minutes read side by side while what was missed is made up for. */
const SIDE_BY_SIDE = 16;
/** Arrivals, or minutes, after which it is noted how far one is, though nothing was due. */
const ARRIVALS = 1_000;
/** Milliseconds for the note at the end. */
const LAST_NOTE = 1_000;
/** Some 5 MB while running, and two reads at a start. */
const REMEMBERED = { running: 50_000, atStart: 500 };
const MINUTES = 60;

/**
 * Links the deferred messages of a component into its queue when their time has come. Every instance does so, and each link is made
 * once (see {@link LinkLog}). All it knows is in streams, so it begins anew after whatever goes wrong.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #closing = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted;) {
      const session = new Session(this.#options, signal, () => (failures = 0));
      try {
        await session.run();
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        const wait = backoff(failures, this.#options.random());
        this.#options.onInterrupted(error, wait);
        await pause(this.#options.clock, wait, signal);
      }
    }
  }
}

async function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const callOff = clock.setTimer(milliseconds, resolve);
  const end = (): void => resolve();
  signal.addEventListener("abort", end, { once: true });
  await promise;
  callOff();
  signal.removeEventListener("abort", end);
}

/** From one reading of all that is known to the next failure. */
class Session {
  readonly #options: SchedulerOptions;
  readonly #closing: AbortSignal;
  readonly #isUp: () => void;
  readonly #links: { readonly deferred: LinkLog; readonly retries: LinkLog };
  /** Where the client's stream of an open minute is read on. */
  readonly #readOn = new Map<number, bigint>();
  #agenda = new Agenda({ finished: 0, latest: 0, heard: -1n, sources: new Set() });
  #noted: Cursor | undefined;
  #hasLinked = false;
  #wake: () => void = () => {};

  constructor(options: SchedulerOptions, closing: AbortSignal, isUp: () => void) {
    const { store, component, remembered = REMEMBERED } = options;
    this.#options = options;
    this.#closing = closing;
    this.#isUp = isUp;
    this.#links = {
      deferred: new LinkLog(store, deferredStream(component), remembered.running),
      retries: new LinkLog(store, retriesStream(component), remembered.running),
    };
  }

  async run(): Promise<void> {
    await this.#recover();
    const { store, component } = this.#options;
    const over = new AbortController();
    const signal = AbortSignal.any([this.#closing, over.signal]);
    const { heard } = this.#agenda.progress;
    const followed = store.follow(
      laterQueueStream(component),
      { after: heard < 0n ? undefined : heard, signal, confirmed: this.#isUp },
      (arrived) => {
        this.#hear(arrived);
        this.#wake();
      },
    );
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    const working = this.#work(signal);
    try {
      await Promise.race([followed, working]);
    } finally {
      over.abort();
      await Promise.allSettled([followed, working]);
    }
    // Stopping in good order leaves little to be read at the next start. It is not worth waiting for a server that is away.
    await Promise.race([this.#note(true), sleep(LAST_NOTE, undefined, { ref: false })]);
  }

  /** Where there is no note nothing is finished: what arrived for minutes that are over counts as late. */
  async #recover(): Promise<void> {
    const { store, component, clock, remembered = REMEMBERED } = this.#options;
    this.#noted = await readCursor(store, component);
    const before = minuteOf(clock.now()) - 1;
    const begin = this.#noted ?? { finished: before, latest: before, heard: -1n, sources: new Set<string>() };
    this.#agenda = new Agenda(begin);
    for (const target of ["deferred", "retries"] as const) {
      const done = (this.#noted?.[target] ?? -1n) - BigInt(remembered.atStart);
      await this.#links[target].refresh(done < -1n ? -1n : done);
    }
    const arrivals = store.pages(laterQueueStream(component), {
      from: begin.heard + 1n,
      size: PAGE,
      followsLinks: true,
    });
    for await (const page of arrivals) for (const arrived of page) this.#hear(arrived);
  }

  #hear(arrived: ResolvedEvent): void {
    const { link } = arrived;
    if (link === undefined) return;
    const stream: unknown = metadataOf(link).$o;
    const from = typeof stream === "string" ? laterStreamFrom(this.#options.component, stream) : undefined;
    // Something else in this category: it is only passed.
    if (from === undefined) return this.#agenda.hear(link.revision, -1, "", undefined);
    this.#agenda.hear(link.revision, from.minute, from.source, entryOf(arrived, from.minute));
  }

  async #work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const woken = Promise.withResolvers<void>();
      this.#wake = woken.resolve;
      const { clock } = this.#options;
      await this.#openMinutes(clock.now());
      await this.#linkDue(signal);
      this.#agenda.close(clock.now());
      const { finished } = this.#agenda.progress;
      for (const links of [this.#links.deferred, this.#links.retries]) links.finish(finished);
      for (const minute of this.#readOn.keys()) if (minute <= finished) this.#readOn.delete(minute);
      await this.#note(false);
      const next = this.#agenda.nextWake();
      const wait = next === undefined ? undefined : next - clock.now();
      if (signal.aborted || (wait !== undefined && wait <= 0)) continue;
      const callOff = wait === undefined ? undefined : clock.setTimer(wait, woken.resolve);
      await woken.promise;
      callOff?.();
    }
  }

  /** Reads minutes whose time is near, and those that nobody was there for. */
  async #openMinutes(now: number): Promise<void> {
    const reading: Promise<void>[] = [];
    while (reading.length < SIDE_BY_SIDE) {
      const minute = this.#agenda.openNext(now);
      if (minute === undefined) break;
      reading.push(this.#readMinute(minute));
    }
    await Promise.all(reading);
  }

  async #readMinute(minute: number): Promise<void> {
    const { sources } = this.#agenda.progress;
    await this.#readStream(minute, "", 0n);
    for (const source of sources) if (source !== "") await this.#readStream(minute, source, 0n);
  }

  async #readStream(minute: number, source: string, from: bigint): Promise<void> {
    const { store, component } = this.#options;
    const stream = `${laterStream(component, minuteText(minute))}${source}`;
    for await (const page of store.pages(stream, { from, size: PAGE, followsLinks: true })) {
      for (const read of page) {
        this.#agenda.add(entryOf(read, minute));
        const at = (read.link ?? read.event)?.revision;
        if (source === "" && at !== undefined) this.#readOn.set(minute, at + 1n);
      }
    }
  }

  /** Of a finished minute the messages are done, or were heard of. */
  async #readCancellations(minute: number): Promise<void> {
    const { store, component } = this.#options;
    for await (const page of store.pages(laterStream(component, minuteText(minute)), { size: PAGE })) {
      for (const read of page) {
        const entry = entryOf(read, minute);
        if (entry?.kind === "cancellation") this.#agenda.add(entry);
      }
    }
  }

  async #linkDue(signal: AbortSignal): Promise<void> {
    // One moment for all of it, and no other minutes: what becomes due, or is heard of, while cancellations are read was not looked up
    // among them. It is linked in the next round.
    const now = this.#options.clock.now();
    // A cancellation that was stored in time counts, though it may not have been heard of yet.
    const minutes = new Set(this.#agenda.due(now).map(({ minute }) => minute));
    const { finished } = this.#agenda.progress;
    for (const minute of minutes) {
      if (minute > finished) await this.#readStream(minute, "", this.#readOn.get(minute) ?? 0n);
      else await this.#readCancellations(minute);
    }
    for (const target of ["deferred", "retries"] as const) {
      const due = this.#agenda.due(now).filter((entry) => entry.target === target && minutes.has(entry.minute));
      for (let rest = await this.#unlinked(target, due); rest.length > 0 && !signal.aborted;) {
        const batch = rest.slice(0, TOGETHER);
        if (await this.#links[target].append(batch)) {
          for (const entry of batch) this.#agenda.done(entry);
          rest = rest.slice(TOGETHER);
          this.#hasLinked = true;
        } else rest = await this.#unlinked(target, rest);
      }
    }
  }

  /** Of these, what nobody has linked. */
  async #unlinked(target: Entry["target"], due: readonly Entry[]): Promise<readonly Entry[]> {
    const links = this.#links[target];
    const late = due.filter((entry) => this.#agenda.isLate(entry) && !links.has(entry));
    const found = late.length === 0 ? new Set<Entry>() : await links.findLinked(late);
    const seen = new Set<string>();
    return due.filter((entry) => {
      const isLinked = links.has(entry) || found.has(entry);
      if (isLinked) this.#agenda.done(entry);
      const isFirst = !seen.has(entry.id);
      seen.add(entry.id);
      return !isLinked && isFirst;
    });
  }

  async #note(isLast: boolean): Promise<void> {
    const { finished, latest, heard, sources } = this.#agenda.progress;
    if (heard < 0n || this.#agenda.hasLate) return;
    const noted = this.#noted;
    const isDue =
      noted === undefined ||
      (finished > noted.finished &&
        (isLast || this.#hasLinked || (latest > noted.finished && finished - noted.finished >= MINUTES))) ||
      heard - noted.heard >= (isLast ? 1n : BigInt(ARRIVALS));
    if (!isDue) return;
    const { deferred, retries } = this.#links;
    const cursor: Cursor = {
      finished,
      latest,
      heard,
      sources: new Set(sources),
      deferred: deferred.finishedUpTo,
      retries: retries.finishedUpTo,
    };
    await writeCursor(this.#options.store, this.#options.component, cursor, noted === undefined);
    this.#noted = cursor;
    this.#hasLinked = false;
  }
}
