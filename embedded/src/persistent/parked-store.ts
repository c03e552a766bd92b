import { type LogRecord, type NewRecord, NO_DATA } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import { parkedStream } from "./bookkeeping-streams.ts";
import type { GroupName } from "./group-target.ts";
import type { Message } from "./message.ts";
import type { NewId } from "./new-id.ts";
import { parkedEntry, replayedUpTo } from "./parked-entry.ts";

/** Who is told what became of messages that were to be parked. */
export interface ParkingResult {
  parked(messages: readonly Message[]): void;
  parkFailed(messages: readonly Message[]): void;
}

export interface ParkedPage {
  readonly records: readonly LogRecord[];
  /** Where the next page begins. */
  readonly next: number;
  readonly isEnd: boolean;
}

/** The parked stream of a group. What comes while a write is under way goes into the next one together. */
export class ParkedStore {
  readonly #store: EventStore;
  readonly #stream: string;
  readonly #newId: NewId;
  readonly #result: ParkingResult;
  #waiting: { readonly message: Message; readonly entry: NewRecord }[] = [];
  #writing: Promise<void> | undefined;
  #truncating: Promise<void> | undefined;
  #last = -1;
  #truncateBefore: number | undefined;
  /** Entries before it have been replayed: they are hidden, or about to be. */
  #replayedTo = 0;

  constructor(store: EventStore, name: GroupName, newId: NewId, result: ParkingResult) {
    this.#store = store;
    this.#stream = parkedStream(name);
    this.#newId = newId;
    this.#result = result;
  }

  /** Counts what is parked. Until then only what is parked from now on is counted (corrections 2.5). */
  load(): void {
    const page = this.#store.readStream({ stream: this.#stream, from: "end", direction: "backwards", maxCount: 1 });
    if (page.outcome !== "read") return;
    this.#last = page.lastRevision;
    this.#truncateBefore = this.#store.metadataOf(this.#stream).truncateBefore;
  }

  get count(): number {
    return this.#last < 0 ? 0 : this.#last - (this.#truncateBefore ?? 0) + 1;
  }

  park(message: Message, reason: string, now: number): void {
    this.#waiting.push({ message, entry: parkedEntry(message, reason, this.#newId(), now) });
    this.#writing ??= this.#drain();
  }

  /** Revision behind the last entry there is now. */
  get end(): number {
    return this.#store.lastRevision(this.#stream) + 1;
  }

  /** A page of entries that were not replayed yet; undefined where there is no stream. */
  read(from: number, count: number): ParkedPage | undefined {
    const first = Math.max(from, this.#replayedTo);
    const page = this.#store.readStream({ stream: this.#stream, from: first, direction: "forwards", maxCount: count });
    return page.outcome === "read" ? page : undefined;
  }

  /** Hides the entries before `revision`: they have been replayed. */
  truncate(revision: number): void {
    if (revision <= Math.max(this.#replayedTo, this.#truncateBefore ?? 0)) return;
    this.#replayedTo = revision;
    this.#truncating = this.#writeTruncation(revision);
  }

  /** Once nothing is being written. */
  async idle(): Promise<void> {
    await this.#writing;
    await this.#truncating;
  }

  async #drain(): Promise<void> {
    // What is parked by the same request shall be one write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const messages = batch.map(({ message }) => message);
      const last = await this.#append(batch.map(({ entry }) => entry));
      if (last === undefined) this.#result.parkFailed(messages);
      else {
        this.#last = last;
        this.#result.parked(messages);
      }
    }
    this.#writing = undefined;
  }

  /** Revision of the last entry, undefined where nothing was stored. */
  async #append(entries: readonly NewRecord[]): Promise<number | undefined> {
    try {
      const result = await this.#store.append(this.#stream, "any", entries);
      return result.outcome === "appended" ? result.revision : undefined;
    } catch {
      // Whatever the cause: nothing is lost, the messages are delivered again.
      return undefined;
    }
  }

  async #writeTruncation(revision: number): Promise<void> {
    const data = replayedUpTo(revision);
    const event = { id: this.#newId(), type: "$metadata", isJson: true, data, metadata: NO_DATA };
    try {
      const { outcome } = await this.#store.append(`$$${this.#stream}`, "any", [event]);
      if (outcome === "appended") this.#truncateBefore = revision;
    } catch {
      // The entries stay and are replayed once more the next time: at least once is what parking promises.
      this.#replayedTo = this.#truncateBefore ?? 0;
    }
  }
}
