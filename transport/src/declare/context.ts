import type { CommandDefinition, EventDefinition, ReplyDefinition } from "../messages/definition.ts";
import type { Headers } from "../messages/header-value.ts";
import type { ContextItems } from "../pipeline/context-items.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { SendMode } from "../messages/send-mode.ts";
import type { DeferredMessage } from "../messages/deferred-message.ts";
import type { Deferral, Deferred, Expiry } from "../messages/timing.ts";

/** What a handler may say about one outgoing message. */
export interface SendOptions extends Expiry {
  /** Further headers: texts with any characters, numbers and booleans. Names that begin with `$` or `sluice.` are refused. */
  readonly headers?: Headers;
  /** How this one leaves; default: as the component says. */
  readonly mode?: SendMode;
}

export interface CommandOptions extends SendOptions, Deferral {
  /** Another component than the one that owns the command, such as the own name for a local send. */
  readonly to?: string;
}

/** What a handler knows of the message it handles, and how it sends others. */
export interface HandlerContext extends MessageContext {
  /** The component that handles the message; its queue is `$ce-in.<component>`. */
  readonly component: string;
  /** 1 the first time, one more with each immediate retry. A delayed retry begins anew. */
  readonly attempt: number;
  /** Delayed retries before this one; they outlive the process. */
  readonly delayedRetries: number;
  /**
   * The server, or this process, has handed out this message before: what it did may be done already. False does not say that it is not: a
   * server that was restarted does not know what it had handed out.
   */
  readonly isRedelivery: boolean;
  /** Aborted when the endpoint's stop deadline has passed; pass it on to what takes long. */
  readonly signal: AbortSignal;
  /** What middleware and handlers of this message hand on to each other. */
  readonly items: ContextItems;

  /**
   * Sends a command to the component that owns it. With mode `transactional` the promise settles once the message is accepted:
   * it leaves when the handler has ended well. Await it, so that a refused body fails the handler.
   * @returns where it is deferred, what {@link HandlerContext.cancel} takes, and the `cancel` of an endpoint or sender: a plain value
   *   to be kept, such as in a state or a later message. It is the same each time the message is handled.
   * @throws InvalidBody, SchemaRefused, InvalidHeader, InvalidName, InvalidTiming
   */
  send<Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options: CommandOptions & Deferred,
  ): Promise<DeferredMessage>;
  send<Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options?: CommandOptions,
  ): Promise<void>;
  /** Publishes an event to all components that handle it. Otherwise as {@link HandlerContext.send}. */
  publish<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    body: Sent,
    options?: SendOptions,
  ): Promise<void>;
  /**
   * Answers the sender of the message being handled (its `replyTo`).
   * @throws NoReplyAddress where the message names nobody to answer.
   */
  reply<Body extends object, Sent extends object>(
    reply: ReplyDefinition<Body, Sent>,
    body: Sent,
    options?: SendOptions,
  ): Promise<void>;
  /**
   * Cancels a deferred message, together with what else the handler sends, or at once with mode `direct`. One whose time comes
   * before that has arrived may be handled nevertheless. Safe to repeat.
   * @throws InvalidName
   */
  cancel(deferred: DeferredMessage, options?: Pick<SendOptions, "mode">): Promise<void>;
}
