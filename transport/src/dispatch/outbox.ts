import type { SendMode } from "../declare/context.ts";
import { destinationOf, type MessageOptions, type SendingContext } from "../messages/compose.ts";
import { CANCELLED, cancellationMessage } from "../messages/cancellation.ts";
import { type DeferredMessage, deferredMessageOf } from "../messages/deferred-message.ts";
import type { MessageIdentity } from "../messages/definition.ts";
import { outgoingIds, requireMessageId } from "../messages/ids.ts";
import type { OutgoingMessage } from "../messages/outgoing-message.ts";
import type { Deferred } from "../messages/timing.ts";
import type { ContextItems } from "../pipeline/context-items.ts";
import type { OutgoingPipeline } from "../pipeline/outgoing-pipeline.ts";
import { minuteOf, minuteText } from "../topology/minute.ts";
import { directPublishedStream, directStream, intermediateStream, laterStream } from "../topology/stream-names.ts";
import type { Appender } from "./appender.ts";
import { HandlerEnded } from "./handler-ended.ts";
import { Sending } from "./sending.ts";

/** One attempt to handle a message, as far as sending goes. */
export interface OutboxOptions {
  readonly context: SendingContext & { readonly handling: NonNullable<SendingContext["handling"]> };
  /** How messages leave that do not say it themselves. */
  readonly mode: SendMode;
  readonly pipeline: OutgoingPipeline;
  readonly items: ContextItems;
  /** Whether what leaves now may have left before. */
  readonly mayRepeat: () => boolean;
  /** Told of each message that is sent after the handler has ended, and so does not leave. */
  readonly onLate: (error: HandlerEnded) => void;
}

/**
 * The messages one handled message leads to. Those of mode `transactional` are kept and leave together at the end; those of mode
 * `direct` leave at once. Each has the same id each time the message is handled.
 */
export class Outbox {
  readonly #appender: Appender;
  readonly #options: OutboxOptions;
  readonly #idOf: ReturnType<typeof outgoingIds>;
  readonly #kept: (OutgoingMessage | undefined)[] = [];
  readonly #sendings: Sending<unknown>[] = [];
  #ended = false;

  constructor(appender: Appender, options: OutboxOptions) {
    this.#appender = appender;
    this.#options = options;
    this.#idOf = outgoingIds(options.context.handling.messageId, options.context.source);
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

  /** Cancels a deferred message, as one more message. */
  cancel(deferred: DeferredMessage, mode = this.#options.mode): Promise<void> {
    return this.#sending(CANCELLED, async (index) => {
      requireMessageId(deferred.id);
      const id = this.#idOf(CANCELLED, deferred.to);
      await this.#accept(index, cancellationMessage(deferred, id, this.#options.context), mode);
    });
  }

  /**
   * Stores what was kept. To be called when the handler has ended well, and before its message is acknowledged.
   * @throws what a send threw that the handler did not await; MessageTooLarge; ServerUnreachable.
   */
  async flush(): Promise<void> {
    this.#ended = true;
    const unheard = this.#sendings.filter(({ isAwaited }) => !isAwaited);
    await Promise.allSettled(this.#sendings);
    await Promise.all(unheard);
    const kept = this.#kept.filter((message) => message !== undefined);
    await this.#store(intermediateStream(this.#options.context.source), kept);
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
    await pipeline.run({ definition, body, id, options, context, items }, async (message) => {
      sent = message;
      await this.#accept(index, message, mode);
    });
    return deferredMessageOf({ id, ...sent }, options, context);
  }

  async #accept(index: number, message: OutgoingMessage, mode: SendMode): Promise<void> {
    if (mode === "transactional") this.#kept[index] = message;
    else await this.#store(directTarget(this.#options.context.source, message), [message]);
  }

  #store(stream: string, messages: readonly OutgoingMessage[]): Promise<void> {
    return this.#appender.append(stream, messages, { alone: this.#options.mayRepeat });
  }
}

/** The stream that a message goes to when it is sent or published directly. */
export function directTarget(source: string, { destination, deliverAt }: OutgoingMessage): string {
  if (destination !== undefined && deliverAt !== undefined)
    return laterStream(destination, minuteText(minuteOf(deliverAt.getTime())));
  return destination === undefined ? directPublishedStream(source) : directStream(destination, source);
}
