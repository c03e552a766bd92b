import type { MessageContext } from "../messages/message-context.ts";
import type { ContextItems } from "./context-items.ts";
import type { Middleware } from "./middleware.ts";

/** A message on its way to its handlers. */
export interface IncomingContext {
  /** The component that handles it. */
  readonly component: string;
  readonly message: MessageContext;
  /** What the handlers get, before its schema is asked; middleware may put another in its place. */
  body: object;
  /** 1 the first time, one more with each immediate retry. */
  readonly attempt: number;
  readonly isRedelivery: boolean;
  readonly signal: AbortSignal;
  readonly items: ContextItems;
}

/**
 * Runs around the handlers of each message, once an attempt: `next` settles when they have ended and all they sent is stored. What
 * it throws is a failure of the message; where it does not call `next`, the message counts as handled.
 */
export type IncomingMiddleware = Middleware<IncomingContext>;
