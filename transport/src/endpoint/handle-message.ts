import type { Component } from "../declare/component.ts";
import type { CommandOptions, HandlerContext } from "../declare/context.ts";
import { matchingHandlers } from "../declare/matching-handlers.ts";
import { deployedAccess } from "../deploy/deployed-access.ts";
import { Instances, type InstancesOptions } from "../event-sourced/instances.ts";
import type { HandlerEnded } from "../dispatch/handler-ended.ts";
import { checkBody } from "../messages/check-body.ts";
import type { DeferredMessage } from "../messages/deferred-message.ts";
import type { MessageIdentity } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { Deferred } from "../messages/timing.ts";
import { ContextItems } from "../pipeline/context-items.ts";
import type { IncomingContext, IncomingMiddleware } from "../pipeline/incoming.ts";
import { runMiddleware } from "../pipeline/middleware.ts";
import type { OutgoingPipeline } from "../pipeline/outgoing-pipeline.ts";
import type { EventStoreReceiveContext } from "../eventstoredb/options.ts";
import { messageContextOf } from "../messages/headers.ts";
import { handlerScope } from "../messages/ids.ts";
import { bodyWith, type ReceivedMessage } from "../receive/received-message.ts";
import type { Clock } from "../schedule/clock.ts";
import { UnknownMessageType } from "../receive/unknown-message-type.ts";
import { Outbox } from "./outbox.ts";

/** What messages pass on their way in and out. */
export interface MessageWay {
  readonly incoming: readonly IncomingMiddleware[];
  readonly pipeline: OutgoingPipeline;
  readonly clock: Clock;
}

/**
 * Makes the function that handles the messages of a component: first its event-sourced handlers, each with an append of its own,
 * then its plain ones, whose messages leave together when all have ended well. It settles when the first are stored, and the others
 * are given to the transport.
 */
export function handlerOf(
  component: Component,
  store: Omit<InstancesOptions, "access">,
  { incoming, pipeline, clock }: MessageWay,
  onLate: (context: MessageContext, error: HandlerEnded) => void,
): (receive: EventStoreReceiveContext) => Promise<void> {
  const instances = new Instances({ ...store, access: deployedAccess(store.store, component.name) });
  return async (receive) => {
    const { id, type, isJson, body: data, headers } = receive.message;
    const context = messageContextOf(id, type, headers);
    const handlers = matchingHandlers(component, context);
    // Of a type that only others know they alone may be able to read the body.
    if (handlers === undefined) throw new UnknownMessageType(component.name, context.messageId, type);
    const body = bodyWith(store.serializer, { id, type, isJson, data }, context);
    const items = new ContextItems(receive.items);
    const { attempt, isRedelivery, signal, dispatcher } = receive;
    const way: IncomingContext = {
      component: component.name,
      message: context,
      body,
      attempt,
      isRedelivery,
      signal,
      items,
    };
    await runMiddleware(incoming, way, async () => {
      const message = { context, body: way.body };
      const sending = { source: component.name, handling: context, sentAt: new Date(clock.now()) };
      for (const { source, entry } of handlers.eventSourced) {
        await instances.handle(source, entry, await bodyFor(entry.on, message), sending, receive);
      }
      const plain = handlers.plain.map(({ entry, place }) => {
        const outbox = new Outbox({
          context: sending,
          scope: handlerScope(component.name, context.type, entry.on.type, place),
          mode: component.options.sends,
          pipeline,
          items,
          dispatcher,
          onLate: (error) => onLate(context, error),
        });
        return { entry, outbox };
      });
      try {
        for (const { entry, outbox } of plain) {
          await entry.handle(await bodyFor(entry.on, message), contextOf(component, message, receive, outbox, items));
        }
        for (const { outbox } of plain) await outbox.flush();
      } catch (error) {
        for (const { outbox } of plain) outbox.discard();
        throw error;
      }
    });
  };
}

/**
 * Makes the function that tells whether a message of the component goes to event-sourced handlers alone: their streams tell what was
 * handled. Undefined where it has none of these, so that nothing is looked up before the message is handled.
 */
export function recognizesRepeatsOf(component: Component): ((context: MessageContext) => boolean) | undefined {
  if (component.eventSourced.length === 0) return undefined;
  return (context) => matchingHandlers(component, context)?.plain.length === 0;
}

/** Each handler, and each attempt, gets a body of its own: what one changes in it, no other sees. */
async function bodyFor(definition: MessageIdentity, { body }: ReceivedMessage): Promise<object> {
  // A clone of received bytes would carry the whole buffer they are a part of.
  return checkBody(definition, body instanceof Uint8Array ? Uint8Array.from(body) : structuredClone(body));
}

function contextOf(
  { name }: Component,
  { context }: ReceivedMessage,
  { attempt, delayedRetries, isRedelivery, signal }: EventStoreReceiveContext,
  outbox: Outbox,
  items: ContextItems,
): HandlerContext {
  return {
    ...context,
    component: name,
    attempt,
    delayedRetries,
    isRedelivery,
    signal,
    items,
    send: sendBy(outbox),
    publish: (event, body, { mode, ...said } = {}) => outbox.send(event, body, said, mode),
    reply: (reply, body, { mode, ...said } = {}) => outbox.send(reply, body, said, mode),
    cancel: (deferred, { mode } = {}) => outbox.cancel(deferred, mode),
  };
}

function sendBy(outbox: Outbox): HandlerContext["send"] {
  function send(command: MessageIdentity, body: object, options: CommandOptions & Deferred): Promise<DeferredMessage>;
  function send(command: MessageIdentity, body: object, options?: CommandOptions): Promise<void>;
  function send(
    command: MessageIdentity,
    body: object,
    { mode, ...said }: CommandOptions = {},
  ): Promise<DeferredMessage | void> {
    return outbox.send(command, body, said, mode);
  }
  return send;
}
