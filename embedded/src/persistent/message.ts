import { bodyBytes } from "../log/log.ts";
import type { LogRecord } from "../log/record.ts";
import type { ResolvedRecord } from "../streams/results.ts";
import type { Consumer } from "./consumer.ts";

/**
 * Where a message is on its way through its group.
 * `held`: an event with the same id is in flight, and ids are all that an ack tells.
 */
export type MessageState = "waiting" | "held" | "in-flight" | "parking" | "settled";

/** A message's turn to be handed out, as checkpoints count it. */
export interface Turn {
  /** Its number among all that was handed out, or passed over. */
  readonly number: number;
  /** Where the group would go on that is done with everything but this message and what comes behind it. */
  readonly behind: number;
}

/** Order of the first parked message that is replayed: behind everything the group reads by itself. */
const REPLAYED_FROM = 2 ** 52;

/** An event that a group is to have handled, and how far it has got with it. */
export class Message {
  readonly resolved: ResolvedRecord;
  /** What was read: the link of a resolved link, otherwise the event itself. */
  readonly original: LogRecord;
  /** Place in the order of delivery. */
  readonly sequence: number;
  /** Where in its source it was read: revision or log position. */
  readonly place: number;
  /** Where a group would go on that is done with everything before this message: what it read last before it. */
  readonly before: number;
  /** What it carries. */
  readonly bytes: number;
  /** Counted as handed out, or as overtaken by one that was; undefined while it has not had its turn. */
  turn: Turn | undefined;
  state: MessageState = "waiting";
  retryCount = 0;
  /** Handed to a consumer at least once. */
  wasDelivered = false;
  owner: Consumer | undefined;
  /** When it was last handed out, in the group's milliseconds. */
  sentAt = 0;
  /** Neighbors in {@link Unsettled}. */
  older: Message | undefined;
  newer: Message | undefined;

  constructor(resolved: ResolvedRecord, original: LogRecord, sequence: number, place: number, before: number) {
    this.resolved = resolved;
    this.original = original;
    this.sequence = sequence;
    this.place = place;
    this.before = before;
    this.bytes = bodyBytes(resolved.event ?? original);
  }

  /** A message that was parked and is to be handled again: it comes after all waiting retries, and no checkpoint knows it. */
  static replayed(resolved: ResolvedRecord, original: LogRecord, number: number): Message {
    return new Message(resolved, original, REPLAYED_FROM + number, original.revision, -1);
  }

  get isReplayed(): boolean {
    return this.sequence >= REPLAYED_FROM;
  }

  /** What an ack calls it: the id of the link where a link was resolved (golden `persistent/links`). */
  get id(): string {
    return this.original.id;
  }
}
