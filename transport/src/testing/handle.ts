import type { Component } from "../declare/component.ts";
import type { CommandOptions, HandlerContext } from "../declare/context.ts";
import { matchingHandlers } from "../declare/matching-handlers.ts";
import type { DeferredMessage } from "../messages/deferred-message.ts";
import type { Message, MessageIdentity } from "../messages/definition.ts";
import { INTENTS } from "../messages/compose.ts";
import type { Deferred, Timing } from "../messages/timing.ts";
import { ContextItems } from "../pipeline/context-items.ts";
import { asRead, contextOf } from "./as-read.ts";

/** What a test says of the message besides its body. */
export type HandleContext = Partial<
  Omit<HandlerContext, "component" | "type" | "baseTypes" | "send" | "publish" | "reply" | "cancel">
>;

/**
 * Lets the plain handlers and receptors of a component handle a message without a server, and answers the messages they sent, published
 * and replied, in that order. Bodies are what they become in a stream and out of it: JSON. Nothing is answered for what they cancel.
 *
 * ```ts
 * assert.deepEqual(await handle(sales, PlaceOrder({ orderId: "17" })), [OrderPlaced({ orderId: "17" })]);
 * ```
 * @throws RangeError where no plain handler takes the message, and what a handler throws.
 */
export async function handle(
  component: Component,
  message: Message,
  context: HandleContext = {},
): Promise<readonly Message[]> {
  const { type, kind, baseTypes = [] } = message.definition;
  const intent = INTENTS[kind];
  const handlers = matchingHandlers(component, { type, baseTypes, intent })?.plain ?? [];
  if (handlers.length === 0) throw new RangeError(`No plain handler of ${component.name} takes ${type}.`);
  const sent: Message[] = [];
  for (const { entry } of handlers) {
    await entry.handle(asRead(message.body), {
      ...contextOf(message.definition),
      attempt: 1,
      delayedRetries: 0,
      isRedelivery: false,
      signal: new AbortController().signal,
      items: new ContextItems(),
      ...context,
      component: component.name,
      send: sendInto(sent),
      publish: async (definition, body, said = {}) => void sent.push(messageOf(definition, body, said)),
      reply: async (definition, body, said = {}) => void sent.push(messageOf(definition, body, said)),
      cancel: async () => {},
    });
  }
  return sent;
}

function sendInto(sent: Message[]): HandlerContext["send"] {
  function send(command: MessageIdentity, body: object, options: CommandOptions & Deferred): Promise<DeferredMessage>;
  function send(command: MessageIdentity, body: object, options?: CommandOptions): Promise<void>;
  async function send(
    command: MessageIdentity,
    body: object,
    said: CommandOptions = {},
  ): Promise<DeferredMessage | void> {
    sent.push(messageOf(command, body, said));
    const deliverAt = said.deliverAt ?? new Date(said.delayFor ?? 0);
    return { id: contextOf(command).messageId, to: said.to ?? command.to ?? "", deliverAt };
  }
  return send;
}

/** As `defer` and a call of the definition make it, so that the two can be compared. */
function messageOf(
  definition: MessageIdentity,
  body: object,
  { delayFor, deliverAt, timeToBeReceived }: Timing,
): Message {
  const timing = {
    ...(delayFor === undefined ? {} : { delayFor }),
    ...(deliverAt === undefined ? {} : { deliverAt }),
    ...(timeToBeReceived === undefined ? {} : { timeToBeReceived }),
  };
  return { definition, body: asRead(body), ...(Object.keys(timing).length === 0 ? {} : { timing }) };
}
