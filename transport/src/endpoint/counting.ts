import type { EndpointEvent } from "./endpoint-event.ts";
import type { Counts } from "./endpoint.ts";

/** Counts what becomes of the messages of each component. */
export class Counting {
  readonly #byComponent: ReadonlyMap<string, Record<keyof Counts, number>>;

  constructor(components: readonly string[]) {
    this.#byComponent = new Map(components.map((name) => [name, { ...NOTHING_YET }]));
  }

  take({ kind, component }: EndpointEvent): void {
    const counted = COUNTED.get(kind);
    const counts = this.#byComponent.get(component);
    if (counted !== undefined && counts !== undefined) counts[counted] += 1;
  }

  /** Undefined for a component that is not among them. */
  of(component: string): Counts | undefined {
    const counts = this.#byComponent.get(component);
    return counts && { ...counts };
  }
}

const NOTHING_YET: Counts = {
  handled: 0,
  duplicates: 0,
  failures: 0,
  delayed: 0,
  parked: 0,
  handledByPolicy: 0,
  discarded: 0,
  expired: 0,
  timedOut: 0,
  pauses: 0,
  critical: 0,
  dangling: 0,
  drops: 0,
};

const COUNTED: ReadonlyMap<EndpointEvent["kind"], keyof Counts> = new Map([
  ["handled", "handled"],
  ["failed", "failures"],
  ["delayed", "delayed"],
  ["parked", "parked"],
  ["handled by policy", "handledByPolicy"],
  ["discarded", "discarded"],
  ["expired", "expired"],
  ["duplicate", "duplicates"],
  ["timed out", "timedOut"],
  ["paused", "pauses"],
  ["critical", "critical"],
  ["dangling", "dangling"],
  ["dropped", "drops"],
]);
