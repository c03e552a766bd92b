import type { Deserializer, Serializer } from "@nestjs/microservices";
import type { EventStoreTransportOptions, RetryOptions } from "../../index.ts";
import type { ErrorContext, ErrorResult } from "../../seam/index.ts";

/** Where a server listens, and how it handles. */
export interface SluiceServerOptions extends EventStoreTransportOptions {
  /** The component that this application is: the address of its requests. All processes with this name share its messages. */
  readonly component: string;
  /** Messages handled at once by one process. Default 10. */
  readonly concurrency?: number;
  /** Milliseconds that a handler may take. Default: the transport's own. */
  readonly handlerTimeout?: number;
  /** From when on events are delivered that are handled anew: from now on, or all of history first. Default `now`. */
  readonly subscribeFrom?: "now" | "start";
  /** Messages are settled by `SluiceContext.ack` and `nack` alone, or by a failure. Default false: by the end of their handlers. */
  readonly manualAck?: boolean;
  /** How often and how soon a failing event is tried again before it is parked. Default: those of Sluice's components. */
  readonly retries?: Partial<RetryOptions>;
  /** Decides what becomes of a message whose handling failed; undefined leaves it to the retries. */
  readonly recover?: (failure: ErrorContext) => ErrorResult | undefined;
  /** Creates on the server what is missing. Default true. */
  readonly createMissing?: boolean;
  /** Milliseconds that handlers have to end when the application is closed. Default 10 000. */
  readonly stopWithin?: number;
  /** Makes what is stored of an answer. Default: Nest's packet, as JSON. */
  readonly serializer?: Serializer;
  /** Makes a packet of what is stored of a message; it is told `channel`, the type, and `headers`. Default: all of it is the data. */
  readonly deserializer?: Deserializer;
}
