/** From when on a subscription delivers: what is published from now on, or all of history first. */
export type SubscribeFrom = "now" | "start";

/** Changes what a receiver gets of the published events. */
export interface SubscriptionManager {
  /** Adds message types, base types, or namespaces such as `sales.*`. What is subscribed to already stays as it is. */
  subscribe(types: ReadonlyMap<string, SubscribeFrom>): Promise<void>;
  /** No more of that type; the others go on without gap or repeat. */
  unsubscribe(type: string): Promise<void>;
}
