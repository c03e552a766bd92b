import type { SendMode } from "../declare/context.ts";
import { checkBody } from "../messages/check-body.ts";
import { compose, type Origin, type Said } from "../messages/compose.ts";
import type { MessageIdentity } from "../messages/definition.ts";
import { deriveId } from "../messages/ids.ts";
import type { Outgoing } from "../messages/outgoing.ts";
import { directPublishedStream, directStream, intermediateStream } from "../topology/stream-names.ts";
import type { Appender } from "./appender.ts";
import { HandlerEnded } from "./handler-ended.ts";

/** One attempt to handle a message, as far as sending goes. */
export interface OutboxOptions {
  readonly origin: Origin & { readonly handling: NonNullable<Origin["handling"]> };
  /** How messages leave that do not say it themselves. */
  readonly mode: SendMode;
  /** What leaves may have left before. */
  readonly mayRepeat: boolean;
}

/**
 * The messages one handled message leads to. Those of mode `transactional` are kept and leave together at the end; those of mode
 * `direct` leave at once. The n-th message has the same id each time the message is handled.
 */
export class Outbox {
  readonly #appender: Appender;
  readonly #options: OutboxOptions;
  readonly #kept: (Outgoing | undefined)[] = [];
  readonly #pending: Promise<void>[] = [];
  #ended = false;

  constructor(appender: Appender, options: OutboxOptions) {
    this.#appender = appender;
    this.#options = options;
  }

  send(definition: MessageIdentity, body: object, said: Said, mode = this.#options.mode): Promise<void> {
    if (this.#ended) return Promise.reject(new HandlerEnded(definition.type));
    const index = this.#pending.length;
    const sent = this.#send(index, definition, body, said, mode);
    // A handler that does not await it learns of the failure when it ends.
    sent.catch(() => {});
    this.#pending.push(sent);
    return sent;
  }

  /**
   * Stores what was kept. To be called when the handler has ended well, and before its message is acknowledged.
   * @throws what any send of this handler threw, awaited or not; MessageTooLarge; ServerUnreachable.
   */
  async flush(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#pending);
    const kept = this.#kept.filter((message) => message !== undefined);
    await this.#store(intermediateStream(this.#options.origin.source), kept);
  }

  /** Lets nothing more leave: the attempt has failed. */
  discard(): void {
    this.#ended = true;
  }

  async #send(index: number, definition: MessageIdentity, body: object, said: Said, mode: SendMode): Promise<void> {
    const { origin } = this.#options;
    const checked = checkBody(definition, body);
    if (checked instanceof Promise) await checked;
    const message = compose(
      definition,
      body,
      deriveId(origin.handling.messageId, `${origin.source}/${index}`),
      origin,
      said,
    );
    if (mode === "transactional") this.#kept[index] = message;
    else await this.#store(directTarget(origin.source, message), [message]);
  }

  #store(stream: string, messages: readonly Outgoing[]): Promise<void> {
    return this.#appender.append(stream, messages, { alone: this.#options.mayRepeat });
  }
}

/** The stream that a message goes to when it is sent or published directly. */
export function directTarget(source: string, { destination }: Outgoing): string {
  return destination === undefined ? directPublishedStream(source) : directStream(destination, source);
}
