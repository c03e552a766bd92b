import { jsonEvent } from "../store/json-event.ts";
import { describeStream } from "../store/describe-stream.ts";
import { bodyOf, type NewEvent, type StoredEvent } from "../store/event.ts";
import type { ReadOptions } from "../store/read.ts";
import type { Store } from "../store/store.ts";
import { KEPT_NOTES } from "../topology/access.ts";
import { attemptsStream } from "../topology/stream-names.ts";
import type { AttemptLog, UnendedAttempts } from "./receiver-options.ts";

/** Events of a component that are kept, and looked at. */
const KEPT = KEPT_NOTES.attempts;

/** What an instance writes down of an attempt to handle a message that was handed out before. */
export interface AttemptEntry {
  readonly messageId: string;
  readonly kind: "begun" | "begun alone" | "ended";
}

/** Attempts to handle the message that have begun since the last one that ended, and never ended themselves. */
export function unendedOf(entries: readonly AttemptEntry[], messageId: string): UnendedAttempts {
  const ofMessage = entries.filter((entry) => entry.messageId === messageId);
  const unended = ofMessage.slice(ofMessage.findLastIndex(({ kind }) => kind === "ended") + 1);
  return { all: unended.length, alone: unended.filter(({ kind }) => kind === "begun alone").length };
}

/** The attempts of a component's instances that may end their process, in the stream `attempts.<component>`. */
export class StoredAttempts implements AttemptLog {
  readonly #store: Pick<Store, "append" | "read">;
  readonly #stream: string;
  #entries: readonly AttemptEntry[] = [];
  #known = -1n;
  #isPrepared = false;
  #reading: Promise<void> | undefined;
  #pending: NewEvent[] = [];
  #writing: Promise<void> | undefined;

  constructor(store: Pick<Store, "append" | "read">, component: string) {
    this.#store = store;
    this.#stream = attemptsStream(component);
  }

  async unended(messageId: string): Promise<UnendedAttempts> {
    // What is being read may have been asked for before the message was handed out.
    await this.#reading?.catch(() => {});
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    await this.#reading;
    return unendedOf(this.#entries, messageId);
  }

  begin(messageId: string, isAlone: boolean): Promise<void> {
    return this.#write("sluice.AttemptBegun", { messageId, isAlone });
  }

  end(messageId: string): Promise<void> {
    return this.#write("sluice.AttemptEnded", { messageId });
  }

  async #read(): Promise<void> {
    const options: ReadOptions =
      this.#known < 0n ? { direction: "backwards", limit: KEPT } : { from: this.#known + 1n, limit: KEPT };
    const found = (await this.#store.read(this.#stream, options)).flatMap(({ event }) => event ?? []);
    const events = this.#known < 0n ? found.toReversed() : found;
    this.#known = events.at(-1)?.revision ?? this.#known;
    this.#entries = [...this.#entries, ...events.flatMap((event) => entryOf(event) ?? [])].slice(-KEPT);
  }

  /** What comes while an append is under way leaves together with the next. */
  async #write(type: string, body: object): Promise<void> {
    this.#pending.push(jsonEvent(type, JSON.stringify(body)));
    await this.#writing?.catch(() => {});
    this.#writing ??= this.#append().finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  async #append(): Promise<void> {
    // Those that come in this turn of the event loop leave together.
    await Promise.resolve();
    if (!this.#isPrepared) await describeStream(this.#store, this.#stream, { $maxCount: KEPT });
    this.#isPrepared = true;
    const events = this.#pending;
    this.#pending = [];
    if (events.length > 0) await this.#store.append(this.#stream, events);
  }
}

function entryOf(event: StoredEvent): AttemptEntry | undefined {
  const { messageId, isAlone } = Object(bodyOf(event)) as Readonly<Record<string, unknown>>;
  if (typeof messageId !== "string") return undefined;
  if (event.type === "sluice.AttemptEnded") return { messageId, kind: "ended" };
  return event.type === "sluice.AttemptBegun"
    ? { messageId, kind: isAlone === true ? "begun alone" : "begun" }
    : undefined;
}
