import type { DecideEntry, EventSourced } from "../declare/event-sourced.ts";
import type { Component, HandlerEntry } from "../declare/component.ts";
import type { HandlerContext } from "../declare/context.ts";
import { Instances, type InstancesOptions } from "../event-sourced/instances.ts";
import type { HandlerEnded } from "../dispatch/handler-ended.ts";
import { Outbox } from "../dispatch/outbox.ts";
import { checkBody } from "../messages/check-body.ts";
import type { MessageIdentity } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { Attempt } from "../receive/receiver.ts";
import type { ReceivedMessage } from "../receive/received-message.ts";
import { UnreadableMessage } from "../receive/unreadable-message.ts";

/** What a component does with one type of message. */
interface Handlers {
  readonly plain: HandlerEntry[];
  readonly eventSourced: { readonly source: EventSourced<unknown>; readonly entry: DecideEntry<unknown> }[];
}

/**
 * Makes the function that handles the messages of a component: first its event-sourced handlers, each with an append of its own,
 * then its plain ones, whose messages leave together when all have ended well. It settles when all is stored.
 */
export function handlerOf(
  component: Component,
  store: InstancesOptions,
  onLate: (context: MessageContext, error: HandlerEnded) => void,
): (message: ReceivedMessage, attempt: Attempt) => Promise<void> {
  const table = tableOf(component);
  const instances = new Instances(store);
  return async (message, attempt) => {
    const { context } = message;
    const handlers = table.get(context.type);
    if (handlers === undefined) throw notHandled(component, message);
    const sending = { source: component.name, handling: context, sentAt: new Date() };
    for (const { source, entry } of handlers.eventSourced) {
      await instances.handle(source, entry, await bodyFor(entry.on, message), sending, attempt);
    }
    if (handlers.plain.length === 0) return;
    const outbox = new Outbox(store.appender, {
      context: sending,
      mode: component.options.sends,
      mayRepeat: attempt.mayRepeat,
      onLate: (error) => onLate(context, error),
    });
    try {
      for (const { on, handle } of handlers.plain) {
        await handle(await bodyFor(on, message), contextOf(component, message, attempt, outbox));
      }
      // Past the deadline nothing may leave: the message is handed out again, and another instance may have it already.
      attempt.signal.throwIfAborted();
    } catch (error) {
      outbox.discard();
      throw error;
    }
    await outbox.flush();
  };
}

function tableOf({ handlers, eventSourced }: Component): ReadonlyMap<string, Handlers> {
  const table = new Map<string, Handlers>();
  const of = (type: string): Handlers => {
    const known = table.get(type) ?? { plain: [], eventSourced: [] };
    table.set(type, known);
    return known;
  };
  for (const handler of handlers) of(handler.on.type).plain.push(handler);
  for (const source of eventSourced) {
    for (const entry of source.entries) of(entry.on.type).eventSourced.push({ source, entry });
  }
  return table;
}

/** Each handler, and each attempt, gets a body of its own: what one changes in it, no other sees. */
async function bodyFor(definition: MessageIdentity, { body }: ReceivedMessage): Promise<object> {
  // A clone of received bytes would carry the whole buffer they are a part of.
  return checkBody(definition, body instanceof Uint8Array ? Uint8Array.from(body) : structuredClone(body));
}

function contextOf(
  { name }: Component,
  { context }: ReceivedMessage,
  attempt: Attempt,
  outbox: Outbox,
): HandlerContext {
  return {
    ...context,
    component: name,
    attempt: attempt.number,
    isRedelivery: attempt.isRedelivery,
    signal: attempt.signal,
    send: (command, body, { mode, ...said } = {}) => outbox.send(command, body, said, mode),
    publish: (event, body, { mode, ...said } = {}) => outbox.send(event, body, said, mode),
    reply: (reply, body, { mode, ...said } = {}) => outbox.send(reply, body, said, mode),
  };
}

const notHandled = (component: Component, { context }: ReceivedMessage): UnreadableMessage =>
  new UnreadableMessage(
    context.messageId,
    context.type,
    `component ${component.name} has no handler for this type. Add one, deploy, and replay the parked messages.`,
  );
