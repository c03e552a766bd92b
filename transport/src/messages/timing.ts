import { hasMinute } from "../topology/minute.ts";
import { InvalidTiming } from "./invalid-timing.ts";

/** How long a message may be on its way. */
export interface Expiry {
  /**
   * Milliseconds after which the message is worthless: a receiver that gets to it later drops it. Counted from when it is sent, or
   * from when it is due. Default: never.
   */
  readonly timeToBeReceived?: number | undefined;
}

/** When a command is to be handled. Say one of the two; what is due already is sent at once. */
export interface Deferral {
  /** Milliseconds from now on. */
  readonly delayFor?: number | undefined;
  /** Not before this. */
  readonly deliverAt?: Date | undefined;
}

/** One of the two is said. */
export type Deferred = { readonly delayFor: number } | { readonly deliverAt: Date };

/** All that can be said about time. */
export interface Timing extends Expiry, Deferral {}

/**
 * Decides the moments that a message carries. Only commands are deferred: who subscribes to an event later would get it or not by
 * chance, so one defers a command to itself and publishes when that comes.
 * @throws InvalidTiming
 */
export function momentsOf(
  { kind, type }: { readonly kind: string; readonly type: string },
  { delayFor, deliverAt, timeToBeReceived }: Timing,
  sentAt: Date,
): { readonly deliverAt?: Date; readonly discardAfter?: Date } {
  if (delayFor === undefined && deliverAt === undefined && timeToBeReceived === undefined) return {};
  if (kind !== "command" && (delayFor !== undefined || deliverAt !== undefined))
    throw new InvalidTiming(
      type,
      `only commands can be deferred, and it is ${kind === "event" ? "an event" : "a reply"}`,
    );
  if (delayFor !== undefined && deliverAt !== undefined)
    throw new InvalidTiming(type, "both delayFor and deliverAt are given");
  if (timeToBeReceived !== undefined && !(timeToBeReceived > 0))
    throw new InvalidTiming(type, `timeToBeReceived is ${timeToBeReceived}, and no number of milliseconds above 0`);
  const due = deliverAt?.getTime() ?? sentAt.getTime() + (delayFor ?? 0);
  if (!hasMinute(new Date(due)))
    throw new InvalidTiming(type, "the time it is due is no moment before the year 10 000");
  const isDeferred = due > sentAt.getTime();
  const over = Math.max(due, sentAt.getTime()) + (timeToBeReceived ?? 0);
  return {
    ...(isDeferred ? { deliverAt: new Date(due) } : {}),
    // A moment that no date can hold is never.
    ...(timeToBeReceived !== undefined && hasMinute(new Date(over)) ? { discardAfter: new Date(over) } : {}),
  };
}
