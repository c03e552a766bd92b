import type { IncomingHttpHeaders } from "node:http2";

/** How a call ends: a gRPC status code, the text that belongs to it, and what else stands in the trailers. */
export interface Status {
  readonly code: number;
  readonly message: string;
  readonly trailers?: Readonly<Record<string, string>>;
}

/** What a call gets in place of being forwarded as it is. */
export type Fault =
  /** Ends with that status and is never forwarded; `body` is a message (protobuf) that is answered first. */
  | (Status & { readonly kind: "answer"; readonly body?: Uint8Array })
  /** Forwarded; once the server has done it, its answer is thrown away for that status. */
  | (Status & { readonly kind: "answer afterwards" })
  /** Taken, never answered, never forwarded. */
  | { readonly kind: "silence" }
  /**
   * Forwarded; in place of the answered message after the first `afterMessages` (default 0) the call is reset, or the
   * whole connection cut.
   */
  | { readonly kind: "drop"; readonly afterMessages?: number; readonly what?: "call" | "connection" }
  /** Forwarded after that time. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** Held in both directions until the promise resolves. */
  | { readonly kind: "freeze until"; readonly promise: Promise<void> };

/** Which calls get which fault. */
export interface FaultRule {
  /** A text is the end of the path from a dot or a slash on: `Read`, `PersistentSubscriptions/Read`; an expression sees all of it. */
  readonly method: RegExp | string;
  /** How many calls get it. Default: all of them. */
  readonly times?: number;
  /** Looks at the first message of the request, in protobuf, and at its headers. Default: every call. */
  readonly when?: (request: Buffer, headers: IncomingHttpHeaders) => boolean;
  readonly fault: Fault;
}

/** A call that the proxy has taken. */
export interface SeenCall {
  /** The path, such as `/event_store.client.streams.Streams/Read`. */
  readonly method: string;
  /** Milliseconds on the proxy's clock. */
  readonly at: number;
  readonly outcome: "forwarded" | Fault["kind"];
}
