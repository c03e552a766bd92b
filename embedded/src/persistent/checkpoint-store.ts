import type { EventStore } from "../streams/event-store.ts";
import { checkpointStream } from "./bookkeeping-streams.ts";
import { type GroupName, type GroupTarget, placeOf, placeText } from "./group-target.ts";
import type { NewId } from "./new-id.ts";
import { NO_DATA } from "../log/record.ts";

const TYPE = "SubscriptionCheckpoint";

/** Where a group keeps how far it has come (spec 2.1). One write at a time; of those that wait only the last counts. */
export class CheckpointStore {
  readonly #store: EventStore;
  readonly #stream: string;
  readonly #kind: GroupTarget["kind"];
  readonly #newId: NewId;
  #latest: number | undefined;
  #pending: number | undefined;
  #writing: Promise<void> | undefined;

  constructor(store: EventStore, name: GroupName, kind: GroupTarget["kind"], newId: NewId) {
    this.#store = store;
    this.#stream = checkpointStream(name);
    this.#kind = kind;
    this.#newId = newId;
  }

  /** The last checkpoint that was written or asked for. */
  get latest(): number | undefined {
    return this.#latest;
  }

  /** Reads the last durable checkpoint. */
  load(): number | undefined {
    const page = this.#store.readStream({ stream: this.#stream, from: "end", direction: "backwards", maxCount: 1 });
    const record = page.outcome === "read" ? page.records[0] : undefined;
    this.#latest = record && this.#parse(record.data);
    return this.#latest;
  }

  write(at: number): void {
    this.#latest = at;
    this.#pending = at;
    this.retry();
  }

  /** Writes what could not be written so far. */
  retry(): void {
    if (this.#pending !== undefined) this.#writing ??= this.#drain();
  }

  /** Once nothing is being written. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#pending !== undefined) {
        const at = this.#pending;
        this.#pending = undefined;
        if (!(await this.#append(at))) {
          this.#pending ??= at;
          return;
        }
      }
    } finally {
      this.#writing = undefined;
    }
  }

  async #append(at: number): Promise<boolean> {
    const data = Buffer.from(JSON.stringify(placeText(this.#kind, at)));
    const event = { id: this.#newId(), type: TYPE, isJson: true, data, metadata: NO_DATA };
    try {
      return (await this.#store.append(this.#stream, "any", [event])).outcome === "appended";
    } catch {
      // The disk's trouble is told to those who append; a checkpoint that is late only means more to do again.
      return false;
    }
  }

  #parse(data: Uint8Array): number | undefined {
    try {
      const text: unknown = JSON.parse(Buffer.from(data).toString("utf8"));
      return typeof text === "string" ? placeOf(this.#kind, text) : undefined;
    } catch {
      // Anybody may write to the stream; what is no checkpoint counts as none.
      return undefined;
    }
  }
}
