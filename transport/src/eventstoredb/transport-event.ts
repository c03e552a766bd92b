import type { Problem } from "../deploy/problem.ts";
import type { Headers } from "../messages/header-value.ts";

/** Something that happened in the transport, for a log, a display or a test. `component` is the address that it happened at. */
export type TransportEvent =
  | (OfMessage & {
      readonly kind: "handled";
      readonly attempts: number;
      /** Since it was begun, all attempts together. */
      readonly milliseconds: number;
      /** Milliseconds since it was sent, or was due where it was deferred; undefined where it does not say when that was. */
      readonly criticalTime: number | undefined;
    })
  | (OfMessage & { readonly kind: "failed"; readonly attempt: number; readonly error: unknown })
  /** It is tried again at once. */
  | (OfMessage & { readonly kind: "retried"; readonly attempts: number; readonly error: unknown })
  | (OfMessage & { readonly kind: "parked"; readonly attempts: number; readonly error: unknown })
  /** The error policy has dealt with the failed message itself, or wanted it forgotten. */
  | (OfMessage & {
      readonly kind: "handled by policy" | "discarded";
      readonly attempts: number;
      readonly error: unknown;
    })
  /** Its handler runs on beyond its time, which was so many milliseconds; the signal is aborted. */
  | (OfMessage & { readonly kind: "timed out"; readonly error: unknown; readonly milliseconds: number })
  /** A server is away, so nothing is begun until this message has succeeded, which tries again after `retryIn` milliseconds. */
  | (OfMessage & { readonly kind: "paused"; readonly error: unknown; readonly retryIn: number })
  /** A message has come to its end after that: all others go on. */
  | (OfMessage & { readonly kind: "resumed" })
  /** What no retry mends and no policy has dealt with, such as a policy that throws. The message comes again. */
  | (OfMessage & { readonly kind: "critical"; readonly problem: string; readonly error: unknown })
  | (OfMessage & { readonly kind: "duplicate" })
  /** It is tried again after `milliseconds`, by whichever instance. */
  | (OfMessage & {
      readonly kind: "delayed";
      readonly attempts: number;
      readonly error: unknown;
      readonly milliseconds: number;
    })
  /** Dropped, since its time to be received was over. */
  | (OfMessage & { readonly kind: "expired" })
  /** `messageId` is that of the link. */
  | (OfMessage & { readonly kind: "dangling" })
  /** A router or filter of a component does not run, so that messages wait: `why` and `reason` say what to do. */
  | (Problem & { readonly kind: "projection failed" })
  /** One that was told of runs again, or a new generation has taken its place. */
  | (Problem & { readonly kind: "projection recovered" })
  | { readonly kind: "connected"; readonly component: string }
  /** The queue is reconnected after `retryIn` milliseconds. */
  | { readonly kind: "dropped"; readonly component: string; readonly error: unknown; readonly retryIn: number }
  /** What is due is not looked at for `retryIn` milliseconds; another instance may. */
  | {
      readonly kind: "schedule interrupted";
      readonly component: string;
      readonly error: unknown;
      readonly retryIn: number;
    };

/** The message that something happened to. */
export interface OfMessage {
  readonly component: string;
  readonly messageId: string;
  readonly type: string;
  readonly correlationId: string;
  /** What the sender has added, such as a `traceparent`. */
  readonly headers: Headers;
}
