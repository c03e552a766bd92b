import { BaseRpcContext } from "@nestjs/microservices";
import type { MessageContext } from "../../index.ts";
import type { ErrorResult, Headers, HeaderValue, ReceiveContext, TransportMessage } from "../../seam/index.ts";
import { NotAcknowledged } from "./not-acknowledged.ts";
import type { Settlement } from "./settlement.ts";

/** What a handler gets besides the data, by `@Ctx()`. */
export class SluiceContext extends BaseRpcContext<[TransportMessage, MessageContext, string]> {
  readonly #receive: ReceiveContext;
  readonly #settlement: Settlement;
  #original: { readonly error: unknown } | undefined;

  constructor(receive: ReceiveContext, message: MessageContext, pattern: string, settlement: Settlement) {
    super([receive.message, message, pattern]);
    this.#receive = receive;
    this.#settlement = settlement;
  }

  /** The message as it was received: bytes, and all headers. */
  getMessage(): TransportMessage {
    return this.args[0];
  }

  /** Id, correlation, source and time of the message. */
  getMessageContext(): MessageContext {
    return this.args[1];
  }

  getPattern(): string {
    return this.args[2];
  }

  /** What the sender added. */
  getHeaders(): Headers {
    return this.args[1].headers;
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.args[1].headers[name];
  }

  /** 1 the first time, one more with each immediate retry. */
  get attempt(): number {
    return this.#receive.attempt;
  }

  /** Delayed retries before this one. */
  get delayedRetries(): number {
    return this.#receive.delayedRetries;
  }

  /** It may have been handled before, wholly or in part. */
  get isRedelivery(): boolean {
    return this.#receive.isRedelivery;
  }

  /** Aborted when the handler's time is over, or the deadline of a shutdown has passed. */
  get signal(): AbortSignal {
    return this.#receive.signal;
  }

  /**
   * It is handled, whatever the handler throws after this. It is settled when the handler has ended, together with what it emitted;
   * with `manualAck` that may be long after it. The first word of `ack` and `nack` counts.
   */
  ack(): void {
    this.#settlement.ack();
  }

  /**
   * It is not handled, and nothing that its handler emitted leaves.
   * @param result what becomes of it, such as `{ action: "retry after", milliseconds: 60_000 }` or `{ action: "park" }`. Default: what
   *   becomes of a message whose handler throws.
   */
  nack(result?: ErrorResult): void {
    this.#settlement.fail(new NotAcknowledged(this.getPattern(), result));
  }

  /** For exception filters: what was thrown, which Nest replaces by a word for strangers. The last one counts. */
  tellOriginalError(error: unknown): void {
    this.#original = { error };
  }

  /** What was thrown, where somebody has told, else what Nest made of it. */
  originalOf(error: unknown): unknown {
    return this.#original === undefined ? error : this.#original.error;
  }
}
