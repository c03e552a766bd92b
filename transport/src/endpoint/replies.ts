import { setTimeout as sleep } from "node:timers/promises";
import type { ReplyDefinition } from "../messages/definition.ts";
import { checkBody } from "../messages/check-body.ts";
import { Listener } from "../receive/listener.ts";
import { contextOfEvent } from "../receive/received-message.ts";
import type { Serializer } from "../messages/serializer.ts";
import { backoff } from "../store/backoff.ts";
import type { Environment } from "../store/environment.ts";
import type { StoredEvent } from "../store/event.ts";
import { ServerUnreachable } from "../store/server-unreachable.ts";
import type { Store } from "../store/store.ts";
import { queueStream } from "../topology/stream-names.ts";
import { ReplyTimedOut } from "./reply-timed-out.ts";
import { UnexpectedReply } from "./unexpected-reply.ts";

/** Where replies to those outside of handlers go: an address beside the sender's own, which may be a component. */
export const replyAddress = (sender: string): string => `${sender}.replies`;

/** Replies that are looked through for one that came while nobody waited for it. */
const LOOKED_BACK = 2_000;
const PAGE = 500;

/** A command that is asked. */
export interface AskedCommand {
  readonly id: string;
  readonly type: string;
  /** It may have been asked before, and answered. */
  readonly isRepeat: boolean;
}

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
  readonly #store: Pick<Store, "read" | "follow">;
  readonly #listener: Listener;
  readonly #stream: string;
  readonly #serializer: Serializer;
  readonly #environment: Environment;
  readonly #waiting = new Map<string, (event: StoredEvent) => void>();
  readonly #closing = new AbortController();

  constructor(store: Pick<Store, "read" | "follow">, sender: string, serializer: Serializer, environment: Environment) {
    this.#store = store;
    this.#stream = queueStream(replyAddress(sender));
    this.#serializer = serializer;
    this.#environment = environment;
    this.#listener = new Listener(store, replyAddress(sender), environment, (event) => this.#deliver(event));
  }

  /**
   * Sends a command by `send`, and waits for what answers it. While the server is away, and where it is not known whether the command is
   * stored, it is sent again, under the same id, as long as there is time.
   * @throws ReplyTimedOut, UnexpectedReply, SchemaRefused, the signal's reason, and what `send` throws.
   */
  async ask<Body extends object>(
    command: AskedCommand,
    reply: ReplyDefinition<Body, never>,
    { timeout, signal }: ReplyWait,
    send: () => Promise<void>,
  ): Promise<Body> {
    const { id, type } = command;
    const { promise, resolve, reject } = Promise.withResolvers<StoredEvent>();
    const over = new AbortController();
    let unreachable: ServerUnreachable | undefined;
    const late = setTimeout(() => reject(unreachable ?? new ReplyTimedOut(id, type, timeout)), timeout);
    const cancel = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", cancel, { once: true });
    this.#waiting.set(id, resolve);
    try {
      signal?.throwIfAborted();
      const sent = this.#sendUnlessAnswered(command, send, over.signal, (error) => (unreachable = error));
      // Whatever comes first: a time limit may pass before the command could be sent.
      const event = await Promise.race([promise, sent.then(() => promise)]);
      if (event.type !== reply.type) throw new UnexpectedReply(id, reply.type, event.type);
      const message = contextOfEvent(event);
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
      over.abort();
      signal?.removeEventListener("abort", cancel);
      this.#waiting.delete(id);
    }
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#listener.stop();
  }

  /** @param failed told each time that the server is away, and nobody may know whether the command is stored. */
  async #sendUnlessAnswered(
    { id, isRepeat }: AskedCommand,
    send: () => Promise<void>,
    over: AbortSignal,
    failed: (error: ServerUnreachable) => void,
  ): Promise<void> {
    const signal = AbortSignal.any([over, this.#closing.signal]);
    for (let failures = 1; ; failures += 1) {
      try {
        await this.#listener.start();
        if (!isRepeat || !(await this.#findAnswered(id))) await send();
        return;
      } catch (error) {
        if (!(error instanceof ServerUnreachable) || signal.aborted) throw error;
        failed(error);
        await sleep(backoff(failures, this.#environment.random()), undefined, { signal }).catch(() => {});
        if (signal.aborted) throw error;
      }
    }
  }

  /** Looks whether a command that was asked before has been answered while nobody waited, and takes the answer. */
  async #findAnswered(id: string): Promise<boolean> {
    let from: bigint | "end" = "end";
    for (let looked = 0; looked < LOOKED_BACK; looked += PAGE) {
      const page = await this.#store.read(this.#stream, {
        direction: "backwards",
        from,
        limit: PAGE,
        followsLinks: true,
      });
      for (const { event } of page) {
        if (event === undefined || causeOf(event) !== id) continue;
        this.#waiting.get(id)?.(event);
        return true;
      }
      const last = page.at(-1);
      const oldest = (last?.link ?? last?.event)?.revision;
      if (oldest === undefined || oldest === 0n) return false;
      from = oldest - 1n;
    }
    return false;
  }

  #deliver(event: StoredEvent): void {
    const cause = causeOf(event);
    if (cause !== undefined) this.#waiting.get(cause)?.(event);
  }
}

const causeOf = (event: StoredEvent): string | undefined => contextOfEvent(event).causationId;
