import type { DecideEntry, Unexpected } from "../declare/event-sourced.ts";
import type { Message } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import { InstanceCompleted } from "./instance-completed.ts";
import { InstanceNotFound } from "./instance-not-found.ts";

/** What an instance is when it decides. */
export interface Decider<State> {
  readonly state: State;
  /** It holds an event of its own, and not only commands and replies to others. */
  readonly hasBegun: boolean;
  readonly isCompleted: boolean;
}

/**
 * What an instance decides on a message; where it has not begun, or has ended, what its declaration says instead.
 * @throws InstanceNotFound, InstanceCompleted, and what `decide` throws.
 */
export function decisionOf<State>(
  entry: DecideEntry<State>,
  { state, hasBegun, isCompleted }: Decider<State>,
  { stream, body, context }: { readonly stream: string; readonly body: object; readonly context: MessageContext },
): readonly Message[] {
  const otherwise = (then: Unexpected, failure: () => Error): readonly Message[] => {
    if (then === "fail") throw failure();
    return then === "ignore" ? [] : then(body, context);
  };
  if (isCompleted) return otherwise(entry.completed, () => new InstanceCompleted(stream, context.type));
  if (!hasBegun && entry.notFound !== "begin")
    return otherwise(entry.notFound, () => new InstanceNotFound(stream, context.type));
  return entry.decide(state, body, context);
}
