import type { MessageContext } from "../messages/message-context.ts";
import type { SendMode } from "../messages/send-mode.ts";
import type { ReceiveContext } from "../seam/contexts.ts";
import type { ReceiveSettings } from "../seam/transport-definition.ts";
import type { TransportMessage } from "../messages/transport-message.ts";
import type { Clock } from "../schedule/clock.ts";
import type { ComponentShape } from "../topology/shape.ts";
import type { TransportEvent } from "./transport-event.ts";
import type { TransportInstrumentation } from "./transport-instrumentation.ts";

/** Where the server is. */
export interface ConnectionOptions {
  /** As EventStoreDB clients take it, such as `esdb://127.0.0.1:2113?tls=false`. */
  readonly connectionString: string;
  /**
   * Milliseconds for which a start is tried again while the server is only away: it restarts, or its cluster elects a leader.
   * Where nothing has ever answered, ten seconds at most. Default 30 000.
   */
  readonly startWithin?: number;
}

/** How an address is received from, where it is not as most are. */
export interface QueueOptions {
  /** How what is not isolated leaves when a handler has ended well. Default `transactional`. */
  readonly sends?: SendMode;
  /**
   * Milliseconds after which the server takes an unsettled message for lost and hands it out again, so more than the slowest
   * handler takes. Default 30 000.
   */
  readonly messageTimeout?: number;
  /** Attempts to handle one message alone that have begun and never ended, after which it is parked. Default 10. */
  readonly maxDeliveries?: number;
}

export interface EventStoreTransportOptions extends ConnectionOptions, QueueOptions {
  /** Hears of what happens. What it throws is told as a warning. Default: nobody. */
  readonly on?: (event: TransportEvent) => void;
  /** Sees what the transport does, for traces and metrics. Default: nobody. */
  readonly instrumentation?: readonly TransportInstrumentation[];
  /** The clock that delays, deferred messages and times to be received go by. Default: the system's; another is for tests. */
  readonly clock?: Clock;
  /**
   * Stands for the process that a handler can end: what is suspected of that is handled with nothing beside it in the same process.
   * Default: the real one. A test that plays several processes in one gives each an object of its own.
   */
  readonly process?: object;
}

/** One address to receive from, with what only this transport knows. */
export interface EventStoreReceiveSettings extends ReceiveSettings, QueueOptions {
  /** What is received at the address, for its deployment. Default: commands and replies of any type, and what is subscribed to later. */
  readonly shape?: ComponentShape;
  /** Messages with the same key are handled one after the other, in the order of the queue; undefined: beside all others. */
  readonly laneOf?: ((message: TransportMessage, context: MessageContext) => string | undefined) | undefined;
  /**
   * Whether those who handle the message recognize by themselves that it was handled before, or is being handled by another instance, as
   * whoever appends to a stream at an expected revision does: then no instance waits for its turn. Default: they do not.
   */
  readonly recognizesRepeats?: ((context: MessageContext) => boolean) | undefined;
}

/** One attempt to handle a message, with what those need who append to streams of their own. */
export interface EventStoreReceiveContext extends ReceiveContext {
  /** What leaves now may have left before, so that the server must be able to recognize it. To be asked right before it leaves. */
  readonly mayRepeat: () => boolean;
}
