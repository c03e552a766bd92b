import { randomUUID } from "node:crypto";
import { Appender } from "../dispatch/appender.ts";
import { directTarget } from "../dispatch/outbox.ts";
import { checkBody } from "../messages/check-body.ts";
import { compose, type MessageOptions } from "../messages/compose.ts";
import type { Headers } from "../messages/headers.ts";
import { requireMessageId } from "../messages/ids.ts";
import type { OutgoingMessage } from "../messages/outgoing-message.ts";
import type { Deferral, Expiry } from "../messages/timing.ts";
import type { CommandDefinition, EventDefinition, MessageIdentity } from "../messages/definition.ts";
import { requireByCategory } from "../subscriptions/require-by-category.ts";
import { Store } from "../store/store.ts";
import { requireComponentName } from "../topology/component-name.ts";
import { minuteOf, minuteText } from "../topology/minute.ts";
import { laterStream } from "../topology/stream-names.ts";
import { type Clock, SYSTEM_CLOCK } from "../schedule/clock.ts";
import type { DeferredMessage } from "../schedule/deferred-message.ts";
import { cancellationOf } from "../schedule/entry.ts";
import type { ConnectionOptions } from "./endpoint.ts";

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

/** What a sender outside of a handler may say about one command. */
export interface OutsideCommandOptions extends OutsideSendOptions {
  /** Another component than the one that owns the command. */
  readonly to?: string;
}

/** When a command is to be handled: milliseconds from now on, or not before a moment. */
export type OutsideDeferral = { readonly delayFor: number } | { readonly deliverAt: Date };

/** A send-only endpoint: it sends and publishes from outside of any handler, and receives nothing. */
export interface Sender {
  readonly name: string;
  /** Sends a command; answers its id once it is stored. */
  send: SendCommand;
  /** Publishes an event; answers its id once it is stored. */
  publish<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    body: Sent,
    options?: OutsideSendOptions,
  ): Promise<string>;
  /**
   * Calls off a deferred message. One whose time has come by when this is stored may be handled nevertheless. Safe to repeat.
   * @throws ServerUnreachable, AccessRefused, InvalidName
   */
  cancel(deferred: DeferredMessage): Promise<void>;
  /** Waits for what is being sent, then disconnects. */
  close(): Promise<void>;
}

export interface SenderOptions extends ConnectionOptions {
  /** The clock that deferred messages go by. Default: the system's; another is for tests. */
  readonly clock?: Clock;
}

/** Sends a command. */
export interface SendCommand {
  /**
   * It is handled later: it waits on the server, whoever runs meanwhile. Answers, once it is stored, what {@link Sender.cancel} takes.
   * @throws InvalidBody, SchemaRefused, InvalidHeader, InvalidName, InvalidTiming, ServerUnreachable
   */
  <Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options: OutsideCommandOptions & OutsideDeferral,
  ): Promise<DeferredMessage>;
  /** Answers its id once it is stored. @throws InvalidBody, SchemaRefused, InvalidHeader, InvalidName, ServerUnreachable */
  <Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options?: OutsideCommandOptions,
  ): Promise<string>;
}

/**
 * Opens a send-only endpoint. It needs no deployment; what it sends to a component that is not deployed yet waits in that one's
 * queue.
 * @param name where its messages come from, by the rules of component names; several processes may share one.
 * @throws InvalidName, BadConnectionString, ServerUnreachable
 */
export async function openSender(name: string, options: SenderOptions): Promise<Sender> {
  requireComponentName(name);
  const store = new Store(options.connectionString);
  const appender = new Appender(store);
  const sending = new Set<Promise<unknown>>();
  try {
    await requireByCategory(store);
  } catch (error) {
    await store.dispose();
    throw error;
  }
  const clock = options.clock ?? SYSTEM_CLOCK;
  const untilSent = async (sent: Promise<unknown>): Promise<void> => {
    sending.add(sent);
    await sent.finally(() => sending.delete(sent));
  };
  const sendMessage = async (
    definition: MessageIdentity,
    body: object,
    said: OutsideSendOptions & MessageOptions,
  ): Promise<OutgoingMessage> => {
    await checkBody(definition, body);
    const id = said.id ?? randomUUID();
    const message = compose(definition, body, id, { source: name, sentAt: new Date(clock.now()) }, said);
    // An id of the caller's own may be stored already, and must be recognised as the same.
    await untilSent(appender.append(directTarget(name, message), [message], { alone: said.id !== undefined }));
    return message;
  };
  function send<Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    said: OutsideCommandOptions & OutsideDeferral,
  ): Promise<DeferredMessage>;
  function send<Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    said?: OutsideCommandOptions,
  ): Promise<string>;
  async function send(
    command: MessageIdentity,
    body: object,
    said: OutsideCommandOptions & Deferral = {},
  ): Promise<DeferredMessage | string> {
    const { id, destination, deliverAt } = await sendMessage(command, body, said);
    if (said.delayFor === undefined && said.deliverAt === undefined) return id;
    return { id, to: destination ?? name, deliverAt: deliverAt ?? new Date(clock.now()) };
  }
  return {
    name,
    send,
    publish: async (event, body, said = {}) => (await sendMessage(event, body, said)).id,
    async cancel({ id, to, deliverAt }) {
      requireMessageId(id);
      requireComponentName(to);
      const stream = laterStream(to, minuteText(minuteOf(deliverAt.getTime())));
      await untilSent(store.append(stream, [cancellationOf(id)]));
    },
    async close() {
      await Promise.allSettled(sending);
      await store.dispose();
    },
  };
}
