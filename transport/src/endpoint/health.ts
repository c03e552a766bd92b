import type { QueueState } from "../deploy/queue-state.ts";
import type { ComponentState } from "./component-state.ts";

/**
 * How an endpoint or component is. `unhealthy`: it handles nothing, since it has stopped, has no connection to its queue, or a server
 * is away. `degraded`: it handles messages, and a person has to look. Otherwise `healthy`.
 */
export type HealthStatus = "healthy" | "degraded" | "unhealthy";

/** How an endpoint is, with the reasons. */
export interface EndpointHealth {
  /** That of its worst component. */
  readonly status: HealthStatus;
  readonly components: readonly ComponentHealth[];
}

/** How a component in this process is. */
export interface ComponentHealth {
  readonly name: string;
  readonly status: HealthStatus;
  /** A sentence each; none where it is healthy. */
  readonly reasons: readonly string[];
  /** Whether it has a connection to its queue. */
  readonly isConnected: boolean;
  /** Whether it begins nothing, since a server that it or a handler calls is away. */
  readonly isPaused: boolean;
  /** What waits for it; undefined where the server does not tell, in time or to this login. */
  readonly queue: QueueState | undefined;
  /** What has gone wrong last, in one line, and when; undefined where nothing has since the start. */
  readonly lastProblem: { readonly at: Date; readonly text: string } | undefined;
}

export interface HealthOptions {
  /** Milliseconds that a message may wait in the queue before the component counts as degraded. Default 60 000. */
  readonly maxLag?: number;
  /** Milliseconds that the server has to tell what waits. Default 3 000. */
  readonly within?: number;
}

/** Says how a component is, by what was seen of it and what the server tells of its queue. */
export function componentHealth(
  name: string,
  state: ComponentState,
  queue: QueueState | undefined,
  maxLag: number,
): ComponentHealth {
  const { isConnected, pausedBy, stopped, problems, lastProblem } = state;
  const grave = [
    ...(stopped ? ["It has stopped."] : []),
    ...(isConnected || stopped ? [] : ["It has no connection to its queue."]),
    ...(pausedBy === undefined ? [] : [`It begins nothing, since a server is away: ${pausedBy}`]),
  ];
  const slight = [
    ...problems.values(),
    ...(queue !== undefined && queue.lag > maxLag
      ? [`The oldest of ${queue.length} messages has waited for ${Math.round(queue.lag / 1_000)} s.`]
      : []),
    ...(queue !== undefined && queue.parked > 0 ? [`${queue.parked} messages are parked.`] : []),
  ];
  return {
    name,
    status: grave.length > 0 ? "unhealthy" : slight.length > 0 ? "degraded" : "healthy",
    reasons: [...grave, ...slight],
    isConnected,
    isPaused: pausedBy !== undefined,
    queue,
    lastProblem,
  };
}

const ORDER: readonly HealthStatus[] = ["healthy", "degraded", "unhealthy"];

/** The health of all. */
export function endpointHealth(components: readonly ComponentHealth[]): EndpointHealth {
  const worst = Math.max(0, ...components.map(({ status }) => ORDER.indexOf(status)));
  return { status: ORDER[worst] ?? "healthy", components };
}
