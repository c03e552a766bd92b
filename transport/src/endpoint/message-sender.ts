import { randomUUID } from "node:crypto";
import type { Appender } from "../dispatch/appender.ts";
import { directTarget } from "../dispatch/outbox.ts";
import type { MessageOptions } from "../messages/compose.ts";
import type { CommandDefinition, EventDefinition, MessageIdentity, ReplyDefinition } from "../messages/definition.ts";
import type { Headers } from "../messages/headers.ts";
import type { OutgoingPipeline } from "../pipeline/outgoing-pipeline.ts";
import { replyAddress, type Replies } from "./replies.ts";

/** What a sender outside of a handler may say about one message. */
export interface OutsideSendOptions {
  /** UUID of the message; the same id sent again is the same message. Default: a new random one. */
  readonly id?: string;
  /** Default: the message's own id. */
  readonly correlationId?: string;
  /** Component that replies go to. Default: none, so the receiver cannot reply. */
  readonly replyTo?: string;
  /** Further headers: texts with any characters, numbers and booleans. Names that begin with `$` or `sluice.` are refused. */
  readonly headers?: Headers;
}

export interface OutsideCommandOptions extends OutsideSendOptions {
  /** Another component than the one that owns the command. */
  readonly to?: string;
}

export interface AskOptions extends Omit<OutsideCommandOptions, "replyTo"> {
  /** Milliseconds to wait for the reply. Default 30 000. */
  readonly timeout?: number;
  /** Aborting it ends the waiting; the command may still be handled. */
  readonly signal?: AbortSignal;
}

/** Sends from outside of any handler. */
export interface MessageSender {
  /** Sends a command; answers its id once it is stored. @throws InvalidBody, SchemaRefused, InvalidHeader, InvalidName, ServerUnreachable */
  send<Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options?: OutsideCommandOptions,
  ): Promise<string>;
  /** Publishes an event; answers its id once it is stored. @throws as {@link MessageSender.send} */
  publish<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    body: Sent,
    options?: OutsideSendOptions,
  ): Promise<string>;
  /**
   * Sends a command and waits for the reply of its handler. A handler that fails gives none.
   * @throws ReplyTimedOut, UnexpectedReply, the signal's reason, and what {@link MessageSender.send} throws.
   */
  ask<Body extends object, Sent extends object, Reply extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    reply: ReplyDefinition<Reply, never>,
    options?: AskOptions,
  ): Promise<Reply>;
}

export interface MessageSenderOptions {
  /** Where the messages come from. */
  readonly name: string;
  readonly appender: Appender;
  readonly pipeline: OutgoingPipeline;
  readonly replies: Replies;
}

const ASK_TIMEOUT = 30_000;

/** @returns the sender, and what waits until all that it is sending is stored, or has failed. */
export function messageSender({ name, appender, pipeline, replies }: MessageSenderOptions): {
  readonly sender: MessageSender;
  readonly drained: () => Promise<void>;
} {
  const sending = new Set<Promise<void>>();
  const send = async (
    definition: MessageIdentity,
    body: object,
    { id: given, ...options }: OutsideSendOptions & MessageOptions,
  ): Promise<string> => {
    const id = given ?? randomUUID();
    const context = { source: name, sentAt: new Date() };
    const sent = pipeline.run({ definition, body, id, options, context }, (message) =>
      // An id of the caller's own may be stored already, and must be recognized as the same.
      appender.append(directTarget(name, message), [message], { alone: given !== undefined }),
    );
    sending.add(sent);
    await sent.finally(() => sending.delete(sent));
    return id;
  };
  const sender: MessageSender = {
    send: (command, body, options = {}) => send(command, body, options),
    publish: (event, body, options = {}) => send(event, body, options),
    ask(command, body, reply, { timeout = ASK_TIMEOUT, signal, id = randomUUID(), ...options } = {}) {
      return replies.ask({ id, type: command.type }, reply, { timeout, signal }, async () => {
        await send(command, body, { ...options, id, replyTo: replyAddress(name) });
      });
    },
  };
  return {
    sender,
    async drained() {
      await Promise.allSettled(sending);
    },
  };
}
