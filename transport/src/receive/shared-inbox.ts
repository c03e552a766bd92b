import type { Store } from "../store/store.ts";
import { Claims, type Note } from "./claims.ts";
import { Inbox } from "./inbox.ts";
import { GATHERING, Notes } from "./notes.ts";
import { OutboxTail } from "./outbox-tail.ts";
import type { HandledMessages, ReceiverEnvironment } from "./receiver-options.ts";

/** Ids remembered per component: some 10 MB. */
const WINDOW = 100_000;
/** Milliseconds for which all ids are remembered, also where they are more. */
const WINDOW_TIME = 600_000;
/** Milliseconds in which what an instance has handled is known to the others, where all goes well. */
const TOLD_WITHIN = 3 * GATHERING;

/**
 * What the instances of a component have handled, as one of them knows it: from what the others note, and from the component's outbox
 * what one that died had not noted yet.
 */
export class SharedInbox implements HandledMessages {
  readonly #inbox: Inbox;
  readonly #claims: Claims;
  readonly #notes: Notes;
  readonly #tail: OutboxTail;
  readonly #environment: ReceiverEnvironment;
  /** Messages that this instance has begun, with their links; claimed are those that others have to be told of. */
  readonly #begun = new Map<string, { readonly link: string; isClaimed: boolean }>();
  /** What those wait for who wait for what becomes of another instance's copy: a note of it. */
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();
  #refreshing: Promise<void> = Promise.resolve();
  /** A refresh that has not begun, and the earliest moment that it has to go back to. */
  #next: { since: Date | undefined; readonly done: Promise<void> } | undefined;

  /** @param instance names this instance among those of the component. */
  constructor(
    store: Store,
    component: string,
    instance: string,
    messageTimeout: number,
    environment: ReceiverEnvironment,
  ) {
    this.#inbox = new Inbox(WINDOW, { milliseconds: WINDOW_TIME, now: environment.now });
    this.#claims = new Claims(instance, messageTimeout);
    this.#notes = new Notes(store, component, instance, (note) => this.#take(note, instance), environment);
    this.#tail = new OutboxTail(store, component);
    this.#environment = environment;
  }

  /** Learns what was handled lately, and makes itself known to the others. @throws ServerUnreachable, AccessRefused */
  async start(): Promise<void> {
    let ids = 0;
    const before = this.#environment.date().getTime() - WINDOW_TIME;
    await this.#notes.start((notes, oldest) => {
      for (const { handled = [] } of notes) ids += handled.length;
      return ids >= WINDOW && oldest.getTime() < before;
    });
  }

  stop(): Promise<void> {
    return this.#notes.stop();
  }

  has(id: string): boolean {
    return this.#inbox.has(id);
  }

  add(id: string): void {
    this.#inbox.add(id);
    this.#claims.handled(this.#environment.now());
    this.#notes.handled(id);
    this.#begun.delete(id);
  }

  begin(id: string, link: string): Promise<boolean> | undefined {
    const begun = { link, isClaimed: this.#claims.hasOthers };
    this.#begun.set(id, begun);
    return begun.isClaimed ? this.#claim(id, link) : undefined;
  }

  end(id: string): void {
    if (this.#begun.get(id)?.isClaimed === true) this.#notes.released(id);
    this.#begun.delete(id);
  }

  async letGo(id: string): Promise<void> {
    const isKnown = this.#begun.get(id)?.isClaimed === true;
    this.end(id);
    if (isKnown) await this.#notes.tell();
  }

  isTakenOver(id: string, link: string): boolean {
    return this.#claims.isTakenOver(id, link, this.#environment.now());
  }

  async settled(id: string, signal: AbortSignal): Promise<void> {
    const link = this.#begun.get(id)?.link ?? "";
    this.end(id);
    await this.#told(id, () => this.#claims.isTaken(id, link, this.#environment.now()), signal);
  }

  /** Several who ask before the asking has begun share it. */
  refresh(since: Date | undefined): Promise<void> {
    if (this.#next !== undefined) {
      this.#next.since = earlier(this.#next.since, since);
      return this.#next.done;
    }
    const done = this.#refresh(this.#refreshing);
    this.#next = { since, done };
    this.#refreshing = done;
    return done;
  }

  async #refresh(before: Promise<void>): Promise<void> {
    await before.catch(() => {});
    const from = this.#next?.since;
    this.#next = undefined;
    const [stored] = await Promise.all([this.#tail.handledSince(from), this.#notes.catchUp()]);
    for (const id of stored) this.#inbox.add(id);
  }

  async #claim(id: string, link: string): Promise<boolean> {
    await this.#notes.claim(id, link);
    // The server has taken it from an instance that may have handled it by then, and is about to tell so.
    const isTakenOver = (): boolean => this.isTakenOver(id, link);
    if (isTakenOver()) await this.#told(id, isTakenOver, AbortSignal.timeout(TOLD_WITHIN));
    return !this.has(id) && !this.#claims.isTaken(id, link, this.#environment.now());
  }

  /** Settles when another instance has handled the message, or has it in hand no more, or the signal is aborted. */
  async #told(id: string, isInHand: () => boolean, signal: AbortSignal): Promise<void> {
    const wake = (): void => this.#wake(id);
    signal.addEventListener("abort", wake);
    while (!signal.aborted && !this.has(id) && isInHand()) {
      const news = this.#waiting.get(id) ?? Promise.withResolvers<void>();
      this.#waiting.set(id, news);
      await news.promise;
    }
    signal.removeEventListener("abort", wake);
  }

  #take(note: Note, own: string): void {
    const isOwn = note.instance === own;
    const wereOthers = this.#claims.hasOthers;
    this.#claims.take(note, this.#environment.now());
    if (!isOwn) for (const id of note.handled ?? []) this.#inbox.add(id);
    for (const [id] of note.begun ?? []) this.#wake(id);
    for (const id of [...(note.handled ?? []), ...(note.released ?? [])]) this.#wake(id);
    if (note.state === "left") for (const id of this.#waiting.keys()) this.#wake(id);
    if (wereOthers || !this.#claims.hasOthers) return;
    // It has come just now: it has to know what is in hand here.
    for (const [id, begun] of this.#begun) {
      if (begun.isClaimed) continue;
      begun.isClaimed = true;
      this.#notes.claim(id, begun.link).catch(() => {});
    }
  }

  #wake(id: string): void {
    this.#waiting.get(id)?.resolve();
    this.#waiting.delete(id);
  }
}

const earlier = (one: Date | undefined, other: Date | undefined): Date | undefined =>
  one === undefined || other === undefined ? undefined : one < other ? one : other;
