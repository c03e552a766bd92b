import type { MessageKind } from "../messages/definition.ts";
import type { HeaderValue } from "../messages/header-value.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { SendMode } from "../messages/send-mode.ts";
import type { ContextItems } from "./context-items.ts";
import type { Middleware } from "./middleware.ts";

/** A message on its way out. */
export interface OutgoingContext {
  readonly kind: MessageKind;
  readonly type: string;
  readonly messageId: string;
  readonly correlationId: string;
  /** When it leaves: with all else that the handling of a message leads to, or by itself. */
  readonly mode: SendMode;
  /** The component it goes to; undefined for a published event. */
  readonly destination: string | undefined;
  /** The message being handled; undefined outside of handlers. */
  readonly handling: MessageContext | undefined;
  /** The body, after its schema was asked; middleware may put another in its place. */
  body: object;
  /** The users' headers; middleware may add, change and delete. */
  readonly headers: Record<string, HeaderValue>;
  /** Those of the message being handled; empty outside of handlers. */
  readonly items: ContextItems;
}

/**
 * Runs around each message that is sent, published or replied. `next` settles when the message is accepted: kept for the append at
 * the handler's end, or stored. What it throws fails the send; where it does not call `next`, the message does not leave.
 */
export type OutgoingMiddleware = Middleware<OutgoingContext>;
