import type { Headers } from "../messages/header-value.ts";
import type { MessageContext } from "../messages/message-context.ts";
import { describeError, type ExceptionDescription } from "./describe-error.ts";
import { failureGroupOf } from "./failure-group.ts";

/** What stands beside a parked message, as JSON text: all that is needed to understand it. */
export interface ParkReason {
  readonly component: string;
  /** The same for failures of the same kind in the same place: the exception's name and its first own stack frame. */
  readonly failureGroup: string;
  readonly exception: ExceptionDescription;
  /** Times it was handled in this delivery. */
  readonly attempts: number;
  /** Delayed retries before it, each with as many attempts. */
  readonly delayedRetries: number;
  /** Times that instances gave it back, since they did not know its type. */
  readonly unknownTypeRetries: number;
  /** Times a person had it handled again after it was parked. */
  readonly replays: number;
  /** ISO 8601; over all retries. */
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
  /** Times the server had handed it out before. */
  readonly earlierDeliveries: number;
  readonly message: MessageContext;
  /** What the policy that has parked it says of the failure. */
  readonly headers?: Headers;
}

interface Parking {
  readonly component: string;
  readonly error: unknown;
  readonly attempts: number;
  readonly delayedRetries: number;
  readonly unknownTypeRetries: number;
  readonly replays: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  readonly earlierDeliveries: number;
  readonly message: MessageContext;
  readonly headers?: Headers | undefined;
}

/** Longest text of each part: the reason is metadata of a link, which every reader of the parked stream loads. */
const LONGEST = 4_000;

/** Writes the reason for parking. It never throws, whatever was thrown. */
export function parkReason(parking: Parking): string {
  const { component, error, attempts, delayedRetries, unknownTypeRetries, replays, earlierDeliveries, message } =
    parking;
  const exception = describeError(error, LONGEST);
  const parts: ParkReason = {
    component,
    failureGroup: failureGroupOf(exception),
    exception,
    attempts,
    delayedRetries,
    unknownTypeRetries,
    replays,
    firstFailedAt: parking.firstFailedAt.toISOString(),
    lastFailedAt: parking.lastFailedAt.toISOString(),
    earlierDeliveries,
    message,
    ...(parking.headers === undefined ? {} : { headers: parking.headers }),
  };
  const text = JSON.stringify(parts);
  // Headers are the sender's and can be long; the original message keeps them in any case.
  return text.length <= 4 * LONGEST ? text : JSON.stringify({ ...parts, message: { ...message, headers: {} } });
}
