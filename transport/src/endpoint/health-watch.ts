import { setTimeout as sleep } from "node:timers/promises";
import { queueStates } from "../deploy/queue-state.ts";
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
    const running = [...this.#states].flatMap(([name, { stopped }]) => (stopped ? [] : [name]));
    const over = new AbortController();
    const late = sleep(within, undefined, { signal: over.signal, ref: false }).catch(() => {});
    // A server that is away does not tell; what comes of that is seen by its connections.
    const told = queueStates(store, running, this.#now).catch(() => {});
    const queues = await Promise.race([told, late]);
    over.abort();
    return endpointHealth(
      [...this.#states].map(([name, state]) => componentHealth(name, state, queues?.get(name), maxLag)),
    );
  }
}
