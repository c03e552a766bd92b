import type { Headers } from "./header-value.ts";

/** Why a message was sent. */
export type Intent = "Send" | "Publish" | "Reply";

/** What is known of a received message besides its body. */
export interface MessageContext {
  /** UUID of the message, the same at every receiver and every time it is handled. */
  readonly messageId: string;
  readonly type: string;
  /** The same for all messages that one first message led to; the first one's own id where it named none. */
  readonly correlationId: string;
  /** Id of the message whose handling sent this one. */
  readonly causationId?: string;
  /** Component or sender it came from. */
  readonly source?: string;
  /** Component that replies go to. */
  readonly replyTo?: string;
  readonly intent?: Intent;
  /** When it was sent, by the sender's clock. */
  readonly sentAt?: Date;
  /** When a deferred message was due; the same over all retries. */
  readonly dueAt?: Date;
  /** Types that the type of an event extends. */
  readonly baseTypes?: readonly string[];
  /** What the sender added, without the transport's own headers. */
  readonly headers: Headers;
}
