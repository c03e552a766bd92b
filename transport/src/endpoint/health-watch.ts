import { setTimeout as sleep } from "node:timers/promises";
import { queueState, type QueueState } from "../deploy/queue-state.ts";
import type { Store } from "../store/store.ts";
import { afterEvent, type ComponentState, NOTHING_SEEN } from "./component-state.ts";
import type { EndpointEvent } from "./endpoint-event.ts";
import { componentHealth, type EndpointHealth, endpointHealth, type HealthOptions } from "./health.ts";

const MAX_LAG = 60_000;
const WITHIN = 3_000;

/** Watches the health of the components of an endpoint. */
export class HealthWatch {
  readonly #states: Map<string, ComponentState>;
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(components: readonly string[], now: () => number) {
    this.#states = new Map(components.map((name) => [name, NOTHING_SEEN]));
    this.#now = now;
  }

  take(event: EndpointEvent): void {
    const before = this.#states.get(event.component);
    if (before === undefined) return;
    const after = afterEvent(before, event, () => new Date(this.#now()));
    if (after !== before) this.#states.set(event.component, after);
  }

  stopped(): void {
    for (const [name, state] of this.#states) this.#states.set(name, { ...state, stopped: true, isConnected: false });
  }

  /** See `health` of an endpoint. */
  async health(
    store: Pick<Store, "groups" | "read">,
    { maxLag = MAX_LAG, within = WITHIN }: HealthOptions = {},
  ): Promise<EndpointHealth> {
    const over = new AbortController();
    const late = sleep(within, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    const healths = [...this.#states].map(async ([name, state]) => {
      const queue = state.stopped ? undefined : await Promise.race([this.#queue(store, name), late]);
      return componentHealth(name, this.#states.get(name) ?? state, queue, maxLag);
    });
    try {
      return endpointHealth(await Promise.all(healths));
    } finally {
      over.abort();
    }
  }

  /** A server that is away does not tell; what comes of that is seen by its connections. */
  #queue(store: Pick<Store, "groups" | "read">, component: string): Promise<QueueState | undefined> {
    return queueState(store, component, this.#now).catch(() => undefined);
  }
}
