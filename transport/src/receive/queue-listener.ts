import type { Delivery } from "./delivery.ts";

/** What the owner of a queue hears of it. */
export interface QueueListener {
  /** Connected, for the first time or again. Comes before the deliveries of that connection. */
  connected(): void;
  delivered(delivery: Delivery): void;
  /** The connection was lost; the next attempt is made after `retryIn` milliseconds. */
  dropped(error: unknown, retryIn: number): void;
}
