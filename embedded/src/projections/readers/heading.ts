import type { LogRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { resolveSource } from "./resolve-source.ts";
import type { SourceEvent } from "./source-reader.ts";

/** Which records a follower is offered: all, those of certain streams, or those of certain types. */
export type Interest = "all" | { readonly by: "stream" | "type"; readonly names: Iterable<string> };

/** Someone who follows the log live. */
export interface Follower {
  readonly interest: Interest;
  /** A record that was accepted, and may still be on its way to disk; `resolved` gives it with its link followed. */
  offer(record: LogRecord, resolved: () => SourceEvent): void;
  /** The disk has refused what was accepted from that place on. */
  takenBack(from: number): void;
  /** The log has grown past the place that {@link Heading.remind} was given. */
  wake(): void;
}

/**
 * Hands what is accepted to the projections that have caught up, ahead of the disk and as it was written: nothing that hides it a
 * moment later comes between (spec 3.2). A link is followed at that moment, once for all, and a record costs nothing for those
 * that want others, however many there are.
 */
export class Heading {
  readonly #store: EventStore;
  readonly #ofAll = new Set<Follower>();
  readonly #byStream = new Map<string, Set<Follower>>();
  readonly #byType = new Map<string, Set<Follower>>();
  readonly #reminders = new Map<Follower, number>();
  #nextReminder = Infinity;
  #count = 0;
  #position: number | undefined;
  #stopListening: (() => void) | undefined;

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** Place of the last record that was handed out; undefined before the first. */
  get position(): number | undefined {
    return this.#position;
  }

  /** Takes in a follower that has read all that is on disk; what is on its way there it is offered at once. Returns how to leave. */
  follow(follower: Follower): () => void {
    this.#count++;
    const inFlight = [...this.#store.accepted.inFlight()];
    if (this.#stopListening === undefined) {
      const stops = [
        this.#store.accepted.onAccepted((records) => this.#handOut(records)),
        this.#store.accepted.onTakenBack(() => this.#takeBack()),
      ];
      this.#stopListening = () => {
        for (const stop of stops) stop();
      };
      this.#position = inFlight.at(-1)?.position;
    }
    // The others of them are still to be handed out.
    for (const record of inFlight) {
      if (record.position > (this.#position ?? -1)) break;
      if (isWanted(record, follower.interest)) follower.offer(record, () => resolveSource(this.#store, record));
    }
    for (const followers of this.#setsOf(follower)) followers.add(follower);
    return () => this.#leave(follower);
  }

  /** Wakes the follower, once, when the log has grown past `position`. */
  remind(follower: Follower, position: number): void {
    this.#reminders.set(follower, position);
    this.#nextReminder = Math.min(this.#nextReminder, position);
  }

  #leave(follower: Follower): void {
    for (const followers of this.#setsOf(follower)) followers.delete(follower);
    const { interest } = follower;
    if (interest !== "all") {
      const byName = this.#byNameOf(interest.by);
      for (const name of interest.names) if (byName.get(name)?.size === 0) byName.delete(name);
    }
    this.#reminders.delete(follower);
    if (--this.#count > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#position = undefined;
  }

  #setsOf({ interest }: Follower): readonly Set<Follower>[] {
    if (interest === "all") return [this.#ofAll];
    const byName = this.#byNameOf(interest.by);
    return [...interest.names].map((name) => {
      const followers = byName.get(name) ?? new Set();
      byName.set(name, followers);
      return followers;
    });
  }

  #byNameOf(by: "stream" | "type"): Map<string, Set<Follower>> {
    return by === "stream" ? this.#byStream : this.#byType;
  }

  #takeBack(): void {
    const { end } = this.#store;
    this.#position = undefined;
    for (const followers of [this.#ofAll, ...this.#byStream.values(), ...this.#byType.values()]) {
      for (const follower of followers) follower.takenBack(end);
    }
  }

  #handOut(records: readonly LogRecord[]): void {
    for (const record of records) {
      const ofStream = this.#byStream.get(record.stream);
      const ofType = this.#byType.get(record.type);
      let event: SourceEvent | undefined;
      const resolved = () => (event ??= resolveSource(this.#store, record));
      for (const followers of [ofStream, ofType, this.#ofAll]) {
        if (followers !== undefined) for (const follower of followers) follower.offer(record, resolved);
      }
    }
    this.#position = records.at(-1)?.position ?? this.#position;
    if (this.#position !== undefined && this.#position > this.#nextReminder) this.#wakeThoseDue(this.#position);
  }

  #wakeThoseDue(position: number): void {
    this.#nextReminder = Infinity;
    for (const [follower, due] of this.#reminders) {
      if (due >= position) this.#nextReminder = Math.min(this.#nextReminder, due);
      else {
        this.#reminders.delete(follower);
        follower.wake();
      }
    }
  }
}

function isWanted(record: LogRecord, interest: Interest): boolean {
  return interest === "all" || [...interest.names].includes(interest.by === "stream" ? record.stream : record.type);
}
