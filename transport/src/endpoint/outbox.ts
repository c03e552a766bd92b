import { HandlerEnded } from "../dispatch/handler-ended.ts";
import { destinationOf, type MessageOptions, type SendingContext } from "../messages/compose.ts";
import { CANCELLED, cancellationMessage, cancellationName } from "../messages/cancellation.ts";
import { type DeferredMessage, deferredMessageOf } from "../messages/deferred-message.ts";
import type { MessageIdentity } from "../messages/definition.ts";
import { outgoingIds } from "../messages/ids.ts";
import type { OutgoingMessage } from "../messages/outgoing-message.ts";
import type { SendMode } from "../messages/send-mode.ts";
import type { Deferred } from "../messages/timing.ts";
import type { ContextItems } from "../pipeline/context-items.ts";
import type { OutgoingPipeline } from "../pipeline/outgoing-pipeline.ts";
import type { MessageDispatcher } from "../seam/message-dispatcher.ts";
import { operationsOf } from "./operations-of.ts";
import { Sending } from "./sending.ts";

/** One attempt to handle a message, as far as sending goes. */
export interface OutboxOptions {
  readonly context: SendingContext & { readonly handling: NonNullable<SendingContext["handling"]> };
  /** Tells apart who sends on behalf of the message, for the ids. Default: the source. */
  readonly scope?: string;
  /** How messages leave that do not say it themselves. */
  readonly mode: SendMode;
  readonly pipeline: OutgoingPipeline;
  readonly items: ContextItems;
  /** That of the message being handled. */
  readonly dispatcher: MessageDispatcher;
  /** Told of each message that is sent after the handler has ended, and so does not leave. */
  readonly onLate: (error: HandlerEnded) => void;
}

/**
 * The messages that a plain handler of one message sends. Those of mode `transactional` are kept and leave together at the end;
 * those of mode `direct` leave at once. Each has the same id each time the message is handled.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #idOf: ReturnType<typeof outgoingIds>;
  readonly #kept: (OutgoingMessage | undefined)[] = [];
  readonly #sendings: Sending<unknown>[] = [];
  #ended = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#idOf = outgoingIds(options.context.handling.messageId, options.scope ?? options.context.source);
  }

  /** Answers what cancels it, where it is deferred. */
  send(
    definition: MessageIdentity,
    body: object,
    options: MessageOptions & Deferred,
    mode?: SendMode,
  ): Promise<DeferredMessage>;
  send(definition: MessageIdentity, body: object, options: MessageOptions, mode?: SendMode): Promise<void>;
  send(
    definition: MessageIdentity,
    body: object,
    options: MessageOptions,
    mode = this.#options.mode,
  ): Promise<DeferredMessage | void> {
    return this.#sending(definition.type, (index) => this.#send(index, definition, body, options, mode));
  }

  /** Cancels a deferred message, by one more message. */
  cancel(deferred: DeferredMessage, mode = this.#options.mode): Promise<void> {
    return this.#sending(CANCELLED, async (index) => {
      const id = this.#idOf(cancellationName(deferred), deferred.to);
      await this.#accept(index, cancellationMessage(deferred, id, this.#options.context), mode);
    });
  }

  /**
   * Gives away what was kept, in the order of the calls. To be called when all handlers of the message have ended well.
   * @throws what a send threw that the handler did not await.
   */
  async flush(): Promise<void> {
    this.#ended = true;
    const unheard = this.#sendings.filter(({ isAwaited }) => !isAwaited);
    await Promise.allSettled(this.#sendings);
    await Promise.all(unheard);
    for (const message of this.#kept) {
      if (message !== undefined) await this.#options.dispatcher.dispatch(operationsOf(message));
    }
  }

  /** Lets nothing more leave: the attempt has failed. */
  discard(): void {
    this.#ended = true;
  }

  #sending<Value>(type: string, send: (index: number) => Promise<Value>): Promise<Value> {
    if (this.#ended) {
      const late = new HandlerEnded(type);
      this.#options.onLate(late);
      return Sending.from(Promise.reject<Value>(late));
    }
    const sending = Sending.from(send(this.#sendings.length));
    this.#sendings.push(sending);
    return sending;
  }

  /** Its id is decided before anything is waited for, so that the order of the calls alone gives the ids. */
  async #send(
    index: number,
    definition: MessageIdentity,
    body: object,
    options: MessageOptions,
    mode: SendMode,
  ): Promise<DeferredMessage | undefined> {
    const { context, pipeline, items } = this.#options;
    const id = this.#idOf(definition.type, destinationOf(definition, context.handling, options.to));
    let sent: OutgoingMessage | undefined;
    await pipeline.run({ definition, body, id, options, context, mode, items }, async (message) => {
      sent = message;
      await this.#accept(index, message, mode);
    });
    return deferredMessageOf({ id, ...sent }, options, context);
  }

  async #accept(index: number, message: OutgoingMessage, mode: SendMode): Promise<void> {
    if (mode === "transactional") this.#kept[index] = message;
    else await this.#options.dispatcher.dispatch(operationsOf(message, true));
  }
}
