/** Something that happened in a running endpoint, for a log, a display or a test. */
export type Observation =
  | (OfMessage & { readonly kind: "handled"; readonly attempts: number; readonly milliseconds: number })
  | (OfMessage & { readonly kind: "failed"; readonly attempt: number; readonly error: unknown })
  | (OfMessage & { readonly kind: "parked"; readonly attempts: number; readonly error: unknown })
  | (OfMessage & { readonly kind: "duplicate" })
  /** `messageId` is that of the link. */
  | (OfMessage & { readonly kind: "dangling" })
  | { readonly kind: "connected"; readonly component: string }
  /** The queue is reconnected after `retryIn` milliseconds. */
  | { readonly kind: "dropped"; readonly component: string; readonly error: unknown; readonly retryIn: number };

interface OfMessage {
  readonly component: string;
  readonly messageId: string;
  readonly type: string;
  readonly correlationId: string;
}
