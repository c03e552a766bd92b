import type { Headers } from "./header-value.ts";

/** A message as a transport carries it: bytes, and what is said about them. */
export interface TransportMessage {
  /** UUID. The same id is the same message: receivers drop repeats by it. */
  readonly id: string;
  /** Name of the message's type, such as `sales.OrderPlaced`. */
  readonly type: string;
  /** All headers, the transport's own (`sluice.…`, `$correlationId`, `$causationId`) among them. */
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** The body is JSON text in UTF-8; otherwise it is bytes that nobody looks into. */
  readonly isJson: boolean;
}
