import type { EndpointEvent } from "./endpoint-event.ts";
import { problemOf } from "./log-record.ts";

/** What was seen of a component in this process, as far as its health goes. */
export interface ComponentState {
  readonly isConnected: boolean;
  readonly stopped: boolean;
  /** What was thrown when it paused; undefined while it does not. */
  readonly pausedBy: string | undefined;
  /** What stands still, by what it is: a sentence each. */
  readonly problems: ReadonlyMap<string, string>;
  readonly lastProblem: { readonly at: Date; readonly text: string } | undefined;
}

export const NOTHING_SEEN: ComponentState = {
  isConnected: false,
  stopped: false,
  pausedBy: undefined,
  problems: new Map(),
  lastProblem: undefined,
};

/** The state after an event. The same where it says nothing of the health, as most do. */
export function afterEvent(state: ComponentState, event: EndpointEvent, now: () => Date): ComponentState {
  const text = problemOf(event);
  const seen = text === undefined ? state : { ...state, lastProblem: { at: now(), text } };
  switch (event.kind) {
    case "connected":
      return { ...seen, isConnected: true };
    case "dropped":
      return { ...seen, isConnected: false };
    case "paused":
      return { ...seen, pausedBy: text };
    case "resumed":
      return { ...seen, pausedBy: undefined };
    case "projection failed":
      return withProblem(seen, event.projection, `Projection ${event.projection} is ${event.why}: ${event.reason}`);
    case "projection recovered":
      return withProblem(seen, event.projection, undefined);
    case "view failed":
      return event.action === "skip"
        ? seen
        : withProblem(seen, `view ${event.view}`, `View ${event.view} has stopped: ${event.error.message}`);
    default:
      return seen;
  }
}

function withProblem(state: ComponentState, key: string, text: string | undefined): ComponentState {
  const problems = new Map(state.problems);
  if (text === undefined) problems.delete(key);
  else problems.set(key, text);
  return { ...state, problems };
}
