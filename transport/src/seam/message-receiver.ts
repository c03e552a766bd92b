import type { ErrorContext, ErrorResult, ReceiveContext } from "./contexts.ts";
import type { SubscriptionManager } from "./subscription-manager.ts";

/** How much is taken at once. */
export interface ReceiveLimits {
  /** Messages handled at once, 1 or more. */
  readonly concurrency: number;
  /**
   * Milliseconds that a handler may take. Then its signal is aborted, the host is told of it as a critical error, and its slot goes to
   * other messages; the message is settled when the handler does end, or comes again. Default: the transport's own.
   */
  readonly handlerTimeout?: number;
}

/** Handles a message. It settles when all is done; what it throws goes to {@link OnError}. */
export type OnMessage = (context: ReceiveContext) => Promise<void>;
/** Decides what becomes of a message whose handling failed. What it throws is a critical error, and the message comes again. */
export type OnError = (context: ErrorContext) => Promise<ErrorResult>;

/** Receives the messages of one address. */
export interface MessageReceiver {
  readonly receiveAddress: string;
  /** Undefined where the transport is not capable of publishing. */
  readonly subscriptions: SubscriptionManager | undefined;
  /** Says who handles, once and before {@link start}. */
  initialize(limits: ReceiveLimits, onMessage: OnMessage, onError: OnError): Promise<void>;
  /** Begins to receive, also anew after {@link stop}; settles when it does. @throws NotDeployed, ServerUnreachable, AccessRefused */
  start(): Promise<void>;
  /** Takes effect for the messages not begun yet; of several calls the last wins. */
  changeLimits(limits: ReceiveLimits): void;
  /**
   * Takes no more messages and waits for those being handled, and for their settlement. When `deadline` is aborted their signals
   * are aborted, and what has not ended by then comes again later.
   */
  stop(deadline: AbortSignal): Promise<void>;
}
