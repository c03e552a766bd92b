import type { MessageFacts } from "../messages/facts.ts";

/** What stands beside a parked message, as JSON text: all that is needed to understand it. */
export interface ParkReason {
  readonly component: string;
  readonly exception: { readonly name: string; readonly message: string; readonly stack?: string };
  /** Times it was handled in this delivery. */
  readonly attempts: number;
  /** Times the server had handed it out before. */
  readonly earlierDeliveries: number;
  readonly message: MessageFacts;
}

/** Longest text of each part: the reason is metadata of a link, which every reader of the parked stream loads. */
const LONGEST = 4_000;

/** Writes the reason for parking. It never throws, whatever was thrown. */
export function parkReason(reason: Omit<ParkReason, "exception"> & { readonly error: unknown }): string {
  const { component, error, attempts, earlierDeliveries, message } = reason;
  const parts: ParkReason = { component, exception: describe(error), attempts, earlierDeliveries, message };
  const text = JSON.stringify(parts);
  // Headers are the sender's and can be long; the original message keeps them in any case.
  return text.length <= 4 * LONGEST ? text : JSON.stringify({ ...parts, message: { ...message, headers: {} } });
}

function describe(error: unknown): ParkReason["exception"] {
  if (!(error instanceof Error)) return { name: typeof error, message: shorten(asText(error)) };
  const causes = causesOf(error).map((cause) => `\nCaused by ${asText(cause)}`);
  return {
    name: error.name,
    message: shorten(error.message),
    ...(error.stack === undefined ? {} : { stack: shorten(`${error.stack}${causes.join("")}`) }),
  };
}

function causesOf(error: Error): readonly unknown[] {
  const causes: unknown[] = [];
  for (let cause = error.cause; cause !== undefined && causes.length < 5;) {
    causes.push(cause);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

function asText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "a value that has no text";
  }
}

const shorten = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`);
