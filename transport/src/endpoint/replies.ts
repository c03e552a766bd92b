import type { ReplyDefinition } from "../messages/definition.ts";
import { checkBody } from "../messages/check-body.ts";
import { messageContextOf } from "../messages/headers.ts";
import { Listener } from "../receive/listener.ts";
import type { Serializer } from "../messages/serializer.ts";
import type { Environment } from "../store/environment.ts";
import { metadataOf, type StoredEvent } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { ReplyTimedOut } from "./reply-timed-out.ts";
import { UnexpectedReply } from "./unexpected-reply.ts";

/** Where replies to those outside of handlers go: an address beside the sender's own, which may be a component. */
export const replyAddress = (sender: string): string => `${sender}.replies`;

/** How long to wait for a reply. */
export interface ReplyWait {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The replies to what one process asks. All processes of a sender share one address: each follows it from where it ended when the
 * process first asked, and takes the replies to its own commands. Nothing is deployed, and nothing is left behind with a process.
 */
export class Replies {
  readonly #listener: Listener;
  readonly #serializer: Serializer;
  readonly #waiting = new Map<string, (event: StoredEvent) => void>();

  constructor(store: Pick<Store, "read" | "follow">, sender: string, serializer: Serializer, environment: Environment) {
    this.#listener = new Listener(store, replyAddress(sender), environment, (event) => this.#deliver(event));
    this.#serializer = serializer;
  }

  /**
   * Sends a command by `send`, and waits for what answers it.
   * @param id of the command.
   * @throws ReplyTimedOut, UnexpectedReply, SchemaRefused, the signal's reason, and what `send` throws.
   */
  async ask<Body extends object>(
    command: { readonly id: string; readonly type: string },
    reply: ReplyDefinition<Body, never>,
    { timeout, signal }: ReplyWait,
    send: () => Promise<void>,
  ): Promise<Body> {
    const { id, type } = command;
    const { promise, resolve, reject } = Promise.withResolvers<StoredEvent>();
    const late = setTimeout(() => reject(new ReplyTimedOut(id, type, timeout)), timeout);
    const cancel = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", cancel, { once: true });
    this.#waiting.set(id, resolve);
    try {
      signal?.throwIfAborted();
      const sent = this.#listener.start().then(send);
      // Whatever comes first: a time limit may pass before the command could be sent.
      const event = await Promise.race([promise, sent.then(() => promise)]);
      if (event.type !== reply.type) throw new UnexpectedReply(id, reply.type, event.type);
      const message = messageContextOf(event.id, event.type, metadataOf(event));
      const body = this.#serializer.deserialize(event, {
        id: event.id,
        type: event.type,
        headers: message.headers,
        source: message.source,
        sentAt: message.sentAt,
      });
      // The schema, or the type that the definition declares, says what the sender gave.
      return (await checkBody(reply, body)) as Body;
    } finally {
      clearTimeout(late);
      signal?.removeEventListener("abort", cancel);
      this.#waiting.delete(id);
    }
  }

  async stop(): Promise<void> {
    await this.#listener.stop();
  }

  #deliver(event: StoredEvent): void {
    const { causationId } = messageContextOf(event.id, event.type, metadataOf(event));
    if (causationId !== undefined) this.#waiting.get(causationId)?.(event);
  }
}
