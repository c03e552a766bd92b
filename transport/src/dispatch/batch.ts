import type { MessageDispatcher } from "../seam/message-dispatcher.ts";
import type { Operations } from "../seam/operations.ts";
import { type DispatcherOptions, prepare, type Prepared, storeEach, storeTogether } from "./dispatcher.ts";
import { HandlerEnded } from "./handler-ended.ts";

/** One attempt to handle a message, as far as sending goes. */
export interface BatchOptions extends DispatcherOptions {
  /** Whether what leaves now may have left before. Asked right before it leaves. */
  readonly mayRepeat: () => boolean;
}

/**
 * The messages that one attempt to handle a message leads to. Those that are isolated leave at once, the others together when it has
 * ended well. After that nothing leaves any more.
 */
export class Batch implements MessageDispatcher {
  readonly #options: BatchOptions;
  readonly #kept: Prepared[] = [];
  #ended = false;

  constructor(options: BatchOptions) {
    this.#options = options;
  }

  /** @throws HandlerEnded, InvalidName, InvalidHeader, InvalidTiming, MessageTooLarge, ServerUnreachable */
  async dispatch(operations: Operations): Promise<void> {
    const [first] = [...(operations.unicast ?? []), ...(operations.multicast ?? [])];
    if (first === undefined) return;
    if (this.#ended) throw new HandlerEnded(first.message.type);
    const { appender, mayRepeat } = this.#options;
    const { isolated, together } = prepare(operations, this.#options);
    this.#kept.push(...together);
    await storeEach(appender, isolated, { alone: mayRepeat });
  }

  /** Something is kept that has to be stored. */
  get holdsAny(): boolean {
    return this.#kept.length > 0;
  }

  /** Lets nothing more in: the attempt has ended. */
  end(): void {
    this.#ended = true;
  }

  /** Stores what was kept, before the message is acknowledged. @throws MessageTooLarge, ServerUnreachable */
  async leave(): Promise<void> {
    const { appender, intermediate, mayRepeat } = this.#options;
    await storeTogether(appender, this.#kept, intermediate, { alone: mayRepeat });
  }
}
