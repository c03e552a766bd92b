import type { TransportDefinition } from "../../seam/index.ts";
import type { BusMessage } from "./bus-types.ts";

export interface NodeTsBusOptions {
  /**
   * The queue that the bus receives from, and where its messages come from; by the rules of component names: letters, digits, `_` and
   * `.`, no dashes.
   */
  readonly queueName: string;
  /** What carries the messages, such as `eventStoreTransport({ connectionString })`. */
  readonly transport: TransportDefinition;
  /** Times that a message is handled, over all processes, before it is put aside. Default 10. */
  readonly maxRetries?: number;
  /**
   * The queue that a command goes to. A hop on the server is saved by it, and nobody else gets the command. Default, and where it says
   * undefined: all who handle the command.
   */
  readonly addressOf?: (command: BusMessage) => string | undefined;
  /** Creates on the server what is missing when the bus is initialized. Default true; otherwise `provision()` has done so. */
  readonly createMissing?: boolean;
  /** Milliseconds that a handler may take before its slot goes to other messages. Default: the transport's own. */
  readonly handlerTimeout?: number;
  /** Milliseconds that a stop waits for handlers; what they have not ended by then comes again. Default 30 000. */
  readonly stopTimeout?: number;
}

export const DEFAULTS = { maxRetries: 10, createMissing: true, stopTimeout: 30_000 };

/** The options with their defaults. */
export type Settings = NodeTsBusOptions & typeof DEFAULTS;
