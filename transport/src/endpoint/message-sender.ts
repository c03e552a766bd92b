import { randomUUID } from "node:crypto";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { MessageOptions } from "../messages/compose.ts";
import type { CommandDefinition, EventDefinition, MessageIdentity, ReplyDefinition } from "../messages/definition.ts";
import type { Headers } from "../messages/header-value.ts";
import { requireMessageId } from "../messages/ids.ts";
import type { Routing } from "../messages/outgoing-message.ts";
import type { Deferral, Deferred, Expiry } from "../messages/timing.ts";
import type { OutgoingPipeline } from "../pipeline/outgoing-pipeline.ts";
import type { Clock } from "../schedule/clock.ts";
import { type DeferredMessage, deferredMessageOf } from "../messages/deferred-message.ts";
import { cancellationOf } from "../messages/cancellation.ts";
import type { Store } from "../store/store.ts";
import { requireComponentName } from "../topology/component-name.ts";
import { minuteOf, minuteText } from "../topology/minute.ts";
import { laterStream } from "../topology/stream-names.ts";
import { operationsOf } from "./operations-of.ts";
import { replyAddress, type Replies } from "./replies.ts";

/** What a sender outside of a handler may say about one message. */
export interface OutsideSendOptions extends Expiry {
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
  /** Sends a command; answers its id once it is stored. */
  send: SendCommand;
  /** Publishes an event; answers its id once it is stored. @throws as {@link MessageSender.send} */
  publish<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    body: Sent,
    options?: OutsideSendOptions,
  ): Promise<string>;
  /**
   * Sends a command and waits for the reply of its handler. A handler that fails gives none. Asked again with the same `id`, also by
   * another process of the same name, it gets the reply that came meanwhile, where that is among the last 2 000 of the sender.
   * @throws ReplyTimedOut, UnexpectedReply, the signal's reason, and what {@link MessageSender.send} throws.
   */
  ask<Body extends object, Sent extends object, Reply extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    reply: ReplyDefinition<Reply, never>,
    options?: AskOptions,
  ): Promise<Reply>;
  /**
   * Calls off a deferred message. One whose time has come by when this is stored may be handled nevertheless. Safe to repeat.
   * @throws ServerUnreachable, AccessRefused, InvalidName
   */
  cancel(deferred: DeferredMessage): Promise<void>;
}

/** Sends a command. */
export interface SendCommand {
  /**
   * It is handled later: it waits on the server, whoever runs meanwhile. Answers, once it is stored, what {@link MessageSender.cancel}
   * takes.
   * @throws InvalidBody, SchemaRefused, InvalidHeader, InvalidName, InvalidTiming, ServerUnreachable
   */
  <Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options: OutsideCommandOptions & Deferred,
  ): Promise<DeferredMessage>;
  /** Answers its id once it is stored. @throws InvalidBody, SchemaRefused, InvalidHeader, InvalidName, ServerUnreachable */
  <Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options?: OutsideCommandOptions,
  ): Promise<string>;
}

export interface MessageSenderOptions {
  /** Where the messages come from. */
  readonly name: string;
  readonly store: Pick<Store, "append">;
  readonly dispatcher: Dispatcher;
  readonly pipeline: OutgoingPipeline;
  readonly replies: Replies;
  readonly clock: Clock;
}

/** What is known of a message that was sent. */
type Sent = { readonly id: string } & Pick<Routing, "destination" | "deliverAt">;

const ASK_TIMEOUT = 30_000;

/** @returns the sender, and what waits until all that it is sending is stored, or has failed. */
export function messageSender({ name, store, dispatcher, pipeline, replies, clock }: MessageSenderOptions): {
  readonly sender: MessageSender;
  readonly drained: () => Promise<void>;
} {
  const sending = new Set<Promise<unknown>>();
  const untilSent = async (sent: Promise<unknown>): Promise<void> => {
    sending.add(sent);
    await sent.finally(() => sending.delete(sent));
  };
  const sendMessage = async (
    definition: MessageIdentity,
    body: object,
    { id: given, ...options }: OutsideSendOptions & MessageOptions,
  ): Promise<Sent> => {
    const id = given ?? randomUUID();
    const context = { source: name, sentAt: new Date(clock.now()) };
    let sent: Sent = { id };
    await untilSent(
      pipeline.run({ definition, body, id, options, context, mode: "direct" }, (message) => {
        sent = { id, ...message };
        // An id of the caller's own may be stored already, and must be recognized as the same.
        return dispatcher.dispatch(operationsOf(message), { isNew: given === undefined });
      }),
    );
    return sent;
  };
  function send<Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options: OutsideCommandOptions & Deferred,
  ): Promise<DeferredMessage>;
  function send<Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options?: OutsideCommandOptions,
  ): Promise<string>;
  async function send(
    command: MessageIdentity,
    body: object,
    options: OutsideCommandOptions & Deferral = {},
  ): Promise<DeferredMessage | string> {
    const sent = await sendMessage(command, body, options);
    return deferredMessageOf(sent, options, { source: name, sentAt: new Date(clock.now()) }) ?? sent.id;
  }
  const sender: MessageSender = {
    send,
    publish: async (event, body, options = {}) => (await sendMessage(event, body, options)).id,
    ask(command, body, reply, { timeout = ASK_TIMEOUT, signal, id: given, ...options } = {}) {
      const id = given ?? randomUUID();
      return replies.ask(
        { id, type: command.type, isRepeat: given !== undefined },
        reply,
        { timeout, signal },
        async () => {
          await sendMessage(command, body, { ...options, id, replyTo: replyAddress(name) });
        },
      );
    },
    async cancel({ id, to, deliverAt }) {
      requireMessageId(id);
      requireComponentName(to);
      const stream = laterStream(to, minuteText(minuteOf(deliverAt.getTime())));
      await untilSent(store.append(stream, [cancellationOf(id)]));
    },
  };
  return {
    sender,
    async drained() {
      await Promise.allSettled(sending);
    },
  };
}
