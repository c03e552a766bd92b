import type { HandlerEnded } from "../dispatch/handler-ended.ts";
import type { OfMessage, TransportEvent } from "../eventstoredb/transport-event.ts";
import type { ViewFailed } from "../views/view-failed.ts";

/** Something that happened in a running endpoint, for a log, a display or a test. */
export type EndpointEvent =
  | TransportEvent
  /** A handler sent this after it had ended, so it did not leave: the message is the one that was being handled. */
  | (OfMessage & { readonly kind: "sent too late"; readonly error: HandlerEnded })
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
  | { readonly kind: "checkpoint failed"; readonly component: string; readonly view: string; readonly error: unknown };
