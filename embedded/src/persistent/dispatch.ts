import type { Consumer } from "./consumer.ts";
import type { Message } from "./message.ts";

/** Messages that wait for a consumer, and the rule of who gets which: a consumer strategy at work. */
export interface Dispatch {
  /** A message that was read, behind all that were read before. */
  add(message: Message): void;
  /** A message that is to be delivered again, before all that was read. */
  addRetry(message: Message): void;
  /** Takes the next message that somebody has room for; `owner` says who. */
  take(): Message | undefined;
  join(consumer: Consumer): void;
  /** The consumer gets nothing more. What it had in hand has to be added again as retries. */
  leave(consumer: Consumer): void;
  /** The consumer may have room again. */
  freed(consumer: Consumer): void;
  /** How many messages wait that were read, and how many are to be delivered again. */
  readonly fresh: number;
  readonly retrying: number;
}
