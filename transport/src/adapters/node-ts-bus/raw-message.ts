import type { Headers } from "../../seam/index.ts";

/** A message as the transport received it: plain data, since workflows clone it. */
export interface RawMessage {
  /** Tells this delivery from all others, those of the same message among them. */
  readonly deliveryId: string;
  /** UUID of the message. */
  readonly id: string;
  /** Name of its type: the `$name` of what the bus sends. */
  readonly type: string;
  /** All headers, the transport's own among them. */
  readonly headers: Headers;
  readonly body: string;
  /** Times that it was returned, over all processes. */
  readonly returns: number;
  /** It may have been handled before, wholly or in part. */
  readonly isRedelivery: boolean;
}
