import type { Routing } from "./outgoing-message.ts";
import type { Deferral } from "./timing.ts";

/** A message that waits for its time: what `cancel` needs to know. A plain value that can be stored. */
export interface DeferredMessage {
  /** UUID of the message. */
  readonly id: string;
  /** The component it is for. */
  readonly to: string;
  readonly deliverAt: Date;
}

/**
 * What cancels a message that was sent; undefined where nobody wanted it deferred. One that was due at once cannot be canceled
 * any more, and has a value all the same.
 */
export function deferredMessageOf(
  sent: { readonly id: string } & Pick<Routing, "destination" | "deliverAt">,
  { delayFor, deliverAt }: Deferral,
  { source, sentAt }: { readonly source: string; readonly sentAt: Date },
): DeferredMessage | undefined {
  if (delayFor === undefined && deliverAt === undefined) return undefined;
  return { id: sent.id, to: sent.destination ?? source, deliverAt: sent.deliverAt ?? sentAt };
}
