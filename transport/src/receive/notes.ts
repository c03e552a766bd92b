import { setTimeout as sleep } from "node:timers/promises";
import { jsonEvent } from "../store/json-event.ts";
import { backoff } from "../store/backoff.ts";
import type { Environment } from "../store/environment.ts";
import { bodyOf, type ResolvedEvent } from "../store/event.ts";
import { describeStream } from "../store/describe-stream.ts";
import { ServerUnreachable } from "../store/server-unreachable.ts";
import type { Store } from "../store/store.ts";
import { KEPT_NOTES } from "../topology/access.ts";
import { handledStream } from "../topology/stream-names.ts";
import type { Note } from "./claims.ts";

/** Milliseconds for which what was handled is gathered before it is told to others. */
export const GATHERING = 100;
/** Ids in one note at most. */
const MOST = 1_000;
const PAGE = 500;
/** Milliseconds in which a server must answer at the start, as long as it is tried again. */
const OPENING_LIMIT = 10_000;

/** What instances tell each other, in the stream `handled.<component>`. */
export class Notes {
  readonly #store: Pick<Store, "append" | "read" | "pages" | "follow">;
  readonly #stream: string;
  readonly #instance: string;
  readonly #take: (note: Note) => void;
  readonly #environment: Environment;
  readonly #stopping = new AbortController();
  /** Revision up to which all is known. */
  #known = -1n;
  #following: Promise<void> | undefined;
  #begun: (readonly [string, string])[] = [];
  #handled: string[] = [];
  #released: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** Those who wait for their claims, by the id of the event that holds them. */
  readonly #claiming = new Map<string, PromiseWithResolvers<void>>();
  #next = Promise.withResolvers<void>();

  /** @param take told each note, those of this instance too, in the order of the stream. */
  constructor(
    store: Pick<Store, "append" | "read" | "pages" | "follow">,
    component: string,
    instance: string,
    take: (note: Note) => void,
    environment: Environment,
  ) {
    this.#store = store;
    this.#stream = handledStream(component);
    this.#instance = instance;
    this.#take = take;
    this.#environment = environment;
  }

  /**
   * Learns what was noted before and tells the others that there is one more.
   * @param isEnough asked after each page, the newest first, whether more has to be read; with when the oldest of it was written.
   * @throws ServerUnreachable, AccessRefused
   */
  async start(isEnough: (notes: readonly Note[], oldest: Date) => boolean): Promise<void> {
    const givesUpAt = this.#environment.now() + OPENING_LIMIT;
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#open(isEnough);
      } catch (error) {
        const wait = backoff(failures, this.#environment.random());
        const isLate = this.#environment.now() + wait > givesUpAt || this.#stopping.signal.aborted;
        if (isLate || !(error instanceof ServerUnreachable)) throw error;
        await sleep(wait, undefined, { signal: this.#stopping.signal }).catch(() => {});
      }
    }
  }

  /** The message was handled. Told to the others within {@link GATHERING}, or with the next claim. */
  handled(id: string): void {
    this.#handled.push(id);
    this.#gather();
  }

  /** A claimed message was not handled. Told as soon as what was: another instance may wait with its copy of it. */
  released(id: string): void {
    // A claim that is not told yet is none any more.
    this.#begun = this.#begun.filter(([begun]) => begun !== id);
    this.#released.push(id);
    this.#gather();
  }

  /** Tells at once what is gathered, and settles when it is told or could not be: then it is told with the next note. */
  async tell(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { promise } = this.#next;
    void this.#write();
    await promise.catch(() => {});
  }

  /** Settles when the claim has its place in the order of all. @throws ServerUnreachable */
  claim(id: string, link: string): Promise<void> {
    this.#begun.push([id, link]);
    const { promise } = this.#next;
    void this.#write();
    return promise;
  }

  /** Reads what has come since it was last told. @throws ServerUnreachable, AccessRefused */
  async catchUp(): Promise<void> {
    for await (const page of this.#store.pages(this.#stream, { from: this.#known + 1n, size: PAGE })) {
      for (const event of page) this.#read(event);
    }
  }

  /** Tells what is left, and that this instance is gone. What cannot be told is let go, and so is what is handled from now on. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    if (this.#following !== undefined) {
      while (this.#handled.length > 0) await this.#append().catch(() => void this.#handled.splice(0));
      await this.#append("left").catch(() => {});
    }
    await this.#following;
  }

  async #open(isEnough: (notes: readonly Note[], oldest: Date) => boolean): Promise<void> {
    const pages: (readonly ResolvedEvent[])[] = [];
    for (let from: bigint | "end" = "end"; ;) {
      const page = await this.#store.read(this.#stream, { direction: "backwards", from, limit: PAGE });
      const oldest = page.at(-1)?.event;
      if (oldest === undefined) break;
      pages.push(page);
      const notes = page.flatMap(({ event }) => noteIn(event) ?? []);
      if (page.length < PAGE || oldest.revision === 0n || isEnough(notes, oldest.created)) break;
      from = oldest.revision - 1n;
    }
    for (const page of pages.toReversed()) for (const event of page.toReversed()) this.#read(event);
    if (pages.length === 0) await describeStream(this.#store, this.#stream, { $maxCount: KEPT_NOTES.handled });
    this.#following ??= this.#follow();
    await this.#append("joined");
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        const after = this.#known < 0n ? undefined : this.#known;
        const confirmed = (): void => void (failures = 1);
        await this.#store.follow(this.#stream, { after, signal, confirmed }, (event) => this.#read(event));
      } catch {
        // The queue tells of it. Whoever needs to know meanwhile what was noted reads it.
      }
      await sleep(backoff(failures, this.#environment.random()), undefined, { signal }).catch(() => {});
    }
  }

  #read({ event }: ResolvedEvent): void {
    if (event === undefined || event.revision <= this.#known) return;
    this.#known = event.revision;
    const note = noteIn(event);
    if (note !== undefined) this.#take(note);
    this.#claiming.get(event.id)?.resolve();
    this.#claiming.delete(event.id);
  }

  #gather(): void {
    if (this.#stopping.signal.aborted) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, GATHERING);
  }

  /** One append at a time; what comes meanwhile goes with the next. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    // What is claimed in this turn of the event loop leaves together.
    await Promise.resolve();
    while (this.#isToBeTold()) {
      try {
        await this.#append();
      } catch {
        // Told to those who claimed. What was handled is told with the next note.
        return this.#handled.length + this.#released.length > 0 ? this.#gather() : undefined;
      }
    }
  }

  /** Claims at once; what was handled or released when it has been gathered, or is enough for a note. */
  #isToBeTold(): boolean {
    const gathered = Math.max(this.#handled.length, this.#released.length);
    return this.#begun.length > 0 || gathered >= MOST || (gathered > 0 && this.#timer === undefined);
  }

  async #append(state?: "joined" | "left"): Promise<void> {
    const begun = this.#begun.splice(0, MOST);
    const handled = this.#handled.splice(0, MOST);
    const released = this.#released.splice(0, MOST);
    const claim = this.#next;
    this.#next = Promise.withResolvers();
    const some = <Item>(items: readonly Item[]): readonly Item[] | undefined => (items.length > 0 ? items : undefined);
    const note: Note = {
      instance: this.#instance,
      state,
      begun: some(begun),
      handled: some(handled),
      released: some(released),
    };
    const event = jsonEvent("sluice.Handled", JSON.stringify(note));
    this.#claiming.set(event.id, claim);
    claim.promise.catch(() => {});
    try {
      await this.#store.append(this.#stream, [event]);
    } catch (error) {
      this.#claiming.delete(event.id);
      this.#handled.unshift(...handled);
      this.#released.unshift(...released);
      claim.reject(error);
      throw error;
    }
    if (state === "joined") await claim.promise;
  }
}

/** What a note says; undefined for anything else that somebody has written there. */
function noteIn(event: ResolvedEvent["event"]): Note | undefined {
  const said: unknown = event && bodyOf(event);
  const { instance, state, begun, handled, released } = Object(said) as Partial<Record<keyof Note, unknown>>;
  if (typeof instance !== "string") return undefined;
  return {
    instance,
    state: state === "joined" || state === "left" ? state : undefined,
    begun: Array.isArray(begun) ? begun.filter(isPair) : undefined,
    handled: Array.isArray(handled) ? handled.filter(isText) : undefined,
    released: Array.isArray(released) ? released.filter(isText) : undefined,
  };
}

const isText = (value: unknown): value is string => typeof value === "string";
const isPair = (value: unknown): value is readonly [string, string] => Array.isArray(value) && value.every(isText);
