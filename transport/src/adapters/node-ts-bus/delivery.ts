import { createHash } from "node:crypto";
import { deriveId } from "../../index.ts";
import type { ErrorResult, Operations, ReceiveContext } from "../../seam/index.ts";
import type { BusTransportMessage } from "./bus-types.ts";
import { NotHandled } from "./not-handled.ts";
import type { RawMessage } from "./raw-message.ts";

/** A message that is the bus's until its first word of it, which counts: `failMessage()` says two. */
export class Delivery {
  readonly message: BusTransportMessage<RawMessage>;
  /** Settles with that word; rejects with {@link NotHandled} where it was not handled. */
  readonly ended: Promise<void>;
  /** What a handler threw, where somebody has told. */
  failure: unknown;
  readonly #context: ReceiveContext;
  readonly #end: { readonly resolve: () => void; readonly reject: (error: NotHandled) => void };
  readonly #sent: Operations[] = [];
  readonly #occurrences = new Map<string, number>();
  #isOpen = true;

  constructor(context: ReceiveContext, message: BusTransportMessage<RawMessage>) {
    this.#context = context;
    this.message = message;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = { resolve, reject };
  }

  /** The bus has not said what becomes of it. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Attempts that have failed when this one has. */
  get attempts(): number {
    return this.#context.delayedRetries + 1;
  }

  get signal(): AbortSignal {
    return this.#context.signal;
  }

  /**
   * The id of a message that its handlers send: the same when they are run again and send the same, so that it arrives once. It derives
   * from all that is sent and not from the order, since several handlers of one message run beside each other.
   */
  idOf(...parts: readonly string[]): string {
    const sent = createHash("sha1").update(JSON.stringify(parts)).digest("base64");
    const occurrence = this.#occurrences.get(sent) ?? 0;
    this.#occurrences.set(sent, occurrence + 1);
    return deriveId(this.#context.message.id, `${this.#context.receiveAddress}/${sent}/${occurrence}`);
  }

  /** Sends on its behalf: it leaves when the message is handled, all together or not at all. */
  async send(operations: Operations): Promise<void> {
    await this.#context.dispatcher.dispatch(operations);
    this.#sent.push(operations);
  }

  handled(): void {
    this.#isOpen = false;
    this.#end.resolve();
  }

  /** To be handled again, by whoever; what was sent on its behalf is sent then. */
  returned(result: ErrorResult): void {
    this.#isOpen = false;
    this.#end.reject(new NotHandled(result, this.failure));
  }

  /** Put aside. The handlers that have ended well will not run again, so what they sent leaves. */
  failed(failure: unknown): void {
    this.#isOpen = false;
    this.#end.reject(new NotHandled({ action: "park" }, failure ?? this.failure ?? FAILED_BY_HANDLER, this.#sent));
  }
}

const FAILED_BY_HANDLER = "Its handler said that no retry would mend it: it called failMessage().";
