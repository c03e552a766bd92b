import type { View, ViewHandle } from "../declare/view.ts";
import type { Serializer } from "../messages/serializer.ts";
import type { IncomingMiddleware } from "../pipeline/incoming.ts";
import type { OutgoingMiddleware } from "../pipeline/outgoing.ts";
import type { MessageSender } from "./message-sender.ts";
import type { Clock } from "../schedule/clock.ts";
import type { ConnectionOptions } from "../eventstoredb/options.ts";
import type { EndpointEvent } from "./endpoint-event.ts";
import type { EndpointHealth, HealthOptions } from "./health.ts";
import type { Instrumentation } from "./instrumentation.ts";

/** What all messages of an endpoint pass on their way. */
export interface MessageFormat {
  /** Turns bodies into bytes and back. Default: JSON, and bytes as they are. */
  readonly serializer?: Serializer;
  /** Runs around the handlers of each message, the first outermost. */
  readonly incoming?: readonly IncomingMiddleware[];
  /** Runs around each message that leaves, the first outermost. */
  readonly outgoing?: readonly OutgoingMiddleware[];
  /** Sees what happens, for traces and metrics. Default: nobody does. */
  readonly instrumentation?: readonly Instrumentation[];
}

export interface EndpointOptions extends ConnectionOptions, MessageFormat {
  /** Where the messages come from that the endpoint itself sends. Default: the first of its components. */
  readonly name?: string;
  /**
   * Hears of what happens: messages handled, failed and parked, connections lost and regained. What it throws is told as a warning.
   * Default: what goes wrong is printed on stderr, one line each.
   */
  readonly on?: (event: EndpointEvent) => void;
  /**
   * Create or update the projections and groups the components need before they start. Default true; false where `deploy` has
   * run before.
   */
  readonly deploy?: boolean;
  /** The clock that delays, deferred messages and times to be received go by. Default: the system's; another is for tests. */
  readonly clock?: Clock;
}

export interface StopOptions {
  /** Milliseconds for handlers in flight to end; then their signals are aborted and their messages come again later. Default 10 000. */
  readonly deadline?: number;
  /** Aborting it ends the waiting at once, as the deadline does. */
  readonly signal?: AbortSignal;
}

/** Components that run in this process. */
export interface Endpoint extends MessageSender {
  readonly components: readonly string[];
  /** The running view, as one of the components declares it. */
  view<State>(view: View<State>): ViewHandle<State>;
  /** Messages of a component handled at once from now on, 1 or more. */
  setConcurrency(component: string, limit: number): void;
  /**
   * How the endpoint is, with reasons: what was seen since its start, and what waits in its queues, which is asked of the server. Never
   * rejects; where the server does not tell in time what waits, all else is told.
   */
  health(options?: HealthOptions): Promise<EndpointHealth>;
  /** What happened to the messages of a component since the start. */
  counts(component: string): Counts;
  /**
   * Takes no more messages, waits for the handlers in flight, settles their messages and disconnects. Called again it answers
   * the same promise.
   */
  stop(options?: StopOptions): Promise<void>;
}

/** Messages of one component in this process, by what became of them. */
export interface Counts {
  /** Handled well, their own messages appended, acknowledged. */
  readonly handled: number;
  /** Dropped because they were handled before. */
  readonly duplicates: number;
  /** Failed attempts, each of which was tried again or parked. */
  readonly failures: number;
  /** Left to a delayed retry. */
  readonly delayed: number;
  /** Put aside with the reason. */
  readonly parked: number;
  /** Dropped because their time to be received was over. */
  readonly expired: number;
  /** Failed, and dealt with or forgotten by the error policy. */
  readonly handledByPolicy: number;
  readonly discarded: number;
  /** Handlers that ran beyond their time. */
  readonly timedOut: number;
  /** Times that nothing was begun for a while because a server was away. */
  readonly pauses: number;
  /** Failures of the error policy itself. */
  readonly critical: number;
  /** Links that lead to nothing: the message was deleted before it was handled. */
  readonly dangling: number;
  /** Times the connection to the queue was lost. */
  readonly drops: number;
}
