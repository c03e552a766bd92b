import type { MessageContext } from "../messages/message-context.ts";
import { describeError, type ExceptionDescription } from "./describe-error.ts";

/** What stands beside a parked message, as JSON text: all that is needed to understand it. */
export interface ParkReason {
  readonly component: string;
  readonly exception: ExceptionDescription;
  /** Times it was handled in this delivery. */
  readonly attempts: number;
  /** Times the server had handed it out before. */
  readonly earlierDeliveries: number;
  readonly message: MessageContext;
}

/** Longest text of each part: the reason is metadata of a link, which every reader of the parked stream loads. */
const LONGEST = 4_000;

/** Writes the reason for parking. It never throws, whatever was thrown. */
export function parkReason(reason: Omit<ParkReason, "exception"> & { readonly error: unknown }): string {
  const { component, error, attempts, earlierDeliveries, message } = reason;
  const exception = describeError(error, LONGEST);
  const parts: ParkReason = { component, exception, attempts, earlierDeliveries, message };
  const text = JSON.stringify(parts);
  // Headers are the sender's and can be long; the original message keeps them in any case.
  return text.length <= 4 * LONGEST ? text : JSON.stringify({ ...parts, message: { ...message, headers: {} } });
}
