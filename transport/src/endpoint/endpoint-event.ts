import type { HandlerEnded } from "../dispatch/handler-ended.ts";
import type { ViewFailed } from "../views/view-failed.ts";

/** Something that happened in a running endpoint, for a log, a display or a test. */
export type EndpointEvent =
  | (OfMessage & { readonly kind: "handled"; readonly attempts: number; readonly milliseconds: number })
  | (OfMessage & { readonly kind: "failed"; readonly attempt: number; readonly error: unknown })
  | (OfMessage & { readonly kind: "parked"; readonly attempts: number; readonly error: unknown })
  | (OfMessage & { readonly kind: "duplicate" })
  /** It is tried again after `milliseconds`, by whichever instance. */
  | (OfMessage & {
      readonly kind: "delayed";
      readonly attempts: number;
      readonly error: unknown;
      readonly milliseconds: number;
    })
  /** Dropped after a failure, since the component's policy says so. */
  | (OfMessage & { readonly kind: "discarded"; readonly attempts: number; readonly error: unknown })
  /** Dropped, since its time to be received was over. */
  | (OfMessage & { readonly kind: "expired" })
  /** The component's policy for errors threw, or could not be followed: the message is delivered again. */
  | (OfMessage & { readonly kind: "policy failed"; readonly error: unknown })
  /** A handler sent this after it had ended, so it did not leave: the message is the one that was being handled. */
  | (OfMessage & { readonly kind: "sent too late"; readonly error: HandlerEnded })
  /** `messageId` is that of the link. */
  | (OfMessage & { readonly kind: "dangling" })
  | { readonly kind: "connected"; readonly component: string }
  /** An event could not be folded into a view; see the view's `onFailure`. */
  | {
      readonly kind: "view failed";
      readonly component: string;
      readonly view: string;
      readonly messageId: string;
      readonly type: string;
      readonly error: ViewFailed;
      /** The view has stopped there, or has left the event out. */
      readonly action: "stop" | "skip";
    }
  /** A checkpoint could not be read, and the view is folded from the beginning; or it could not be saved, and is tried again later. */
  | { readonly kind: "checkpoint failed"; readonly component: string; readonly view: string; readonly error: unknown }
  /** The queue is reconnected after `retryIn` milliseconds. */
  | { readonly kind: "dropped"; readonly component: string; readonly error: unknown; readonly retryIn: number }
  /** What is due is not looked at for `retryIn` milliseconds; another instance may. */
  | {
      readonly kind: "schedule interrupted";
      readonly component: string;
      readonly error: unknown;
      readonly retryIn: number;
    };

interface OfMessage {
  readonly component: string;
  readonly messageId: string;
  readonly type: string;
  readonly correlationId: string;
}
