import type { MessageContext } from "../messages/message-context.ts";

/** What became of one delivery. */
export type Report = { readonly context: MessageContext } & (
  | {
      readonly kind: "handled";
      readonly attempts: number;
      readonly milliseconds: number;
      /** Since it was sent, or was due. */
      readonly criticalTime: number | undefined;
    }
  | { readonly kind: "failed"; readonly attempt: number; readonly error: unknown }
  /** It is tried again at once. */
  | { readonly kind: "retried"; readonly attempts: number; readonly error: unknown }
  | { readonly kind: "parked"; readonly attempts: number; readonly error: unknown }
  /** It comes again after so many milliseconds. */
  | { readonly kind: "delayed"; readonly attempts: number; readonly error: unknown; readonly milliseconds: number }
  /** The error policy has dealt with it, or wanted it forgotten. */
  | { readonly kind: "handled by policy" | "discarded"; readonly attempts: number; readonly error: unknown }
  /** Its handler runs on beyond its time. */
  | { readonly kind: "timed out"; readonly error: unknown; readonly milliseconds: number }
  /** A server is away: nothing is begun until one message has succeeded, which tries after `retryIn` milliseconds. */
  | { readonly kind: "paused"; readonly error: unknown; readonly retryIn: number }
  /** What no retry mends and no policy has dealt with. The message comes again. */
  | { readonly kind: "critical"; readonly problem: string; readonly error: unknown }
  /** `expired`: its time to be received was over. `resumed`: a server that was away answers again. */
  | { readonly kind: "duplicate" | "dangling" | "expired" | "resumed" }
);
