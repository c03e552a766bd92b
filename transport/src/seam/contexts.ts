import type { Headers } from "../messages/header-value.ts";
import type { MessageDispatcher } from "./message-dispatcher.ts";
import type { TransportMessage } from "../messages/transport-message.ts";

/** One attempt to handle a message. */
export interface ReceiveContext {
  readonly message: TransportMessage;
  /** By this the transport knows the message; the same for all its deliveries. */
  readonly nativeId: string;
  /** The address that the message was received from, such as `billing`. */
  readonly receiveAddress: string;
  /** 1 the first time, one more with each immediate retry. */
  readonly attempt: number;
  /** Delayed retries before this one; they outlive the process. */
  readonly delayedRetries: number;
  /** It may have been handled before, wholly or in part. False does not say that it was not, where a server forgets when it restarts. */
  readonly isRedelivery: boolean;
  /** Aborted when the handler's time is over, or the deadline of a stop has passed. */
  readonly signal: AbortSignal;
  /**
   * Sends on behalf of this message: what is not isolated leaves when the handler has ended well. After that, or after a failure, it
   * refuses: the message has been settled, and what comes later could no longer leave with the others.
   */
  readonly dispatcher: MessageDispatcher;
  /** What those who handle the message, and its error policy, hand on to each other. Empty at the first attempt. */
  readonly items: Map<string, unknown>;
}

/** An attempt that has failed. */
export interface ErrorContext {
  /** As it was received: what the handler has changed in its headers is not seen here. */
  readonly message: TransportMessage;
  readonly nativeId: string;
  readonly receiveAddress: string;
  /** What was thrown: anything. */
  readonly error: unknown;
  /** Attempts that have failed since it was received, 1 first; a delayed retry starts anew. */
  readonly immediateFailures: number;
  /** Delayed retries so far. */
  readonly delayedRetries: number;
  /** When it first failed; the same over all retries. */
  readonly firstFailedAt: Date;
  /** Sends at once, such as a copy for later or a message about the failure. */
  readonly dispatcher: MessageDispatcher;
  readonly items: Map<string, unknown>;
}

/** What becomes of a message whose handling failed. */
export type ErrorResult =
  /** Handle it again at once. */
  | { readonly action: "retry" }
  /**
   * Handle it again after so many milliseconds, whichever instance then gets it; kept by the server meanwhile. Also for what this
   * instance cannot handle and another one may, such as a type that only newer ones know.
   */
  | { readonly action: "retry after"; readonly milliseconds: number }
  /** The policy has dealt with it: done. */
  | { readonly action: "handled" }
  /** Forget it: done, and counted. */
  | { readonly action: "discard" }
  /** Put it aside for a person, with these headers besides its own: what is to be known of the failure. */
  | { readonly action: "park"; readonly headers?: Headers };
