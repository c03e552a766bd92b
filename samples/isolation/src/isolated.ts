import {
  type CommandDefinition,
  type EventDefinition,
  type HandlerContext,
  type ReplyDefinition,
  Unrecoverable,
} from "@sluice/transport";
import type { Failing, Thrown } from "./errand.ts";
import type { Heaps } from "./heaps.ts";

export { Heaps } from "./heaps.ts";
export type { HeapsOptions } from "./heaps.ts";

/** What a handler may send: a message of these types, and no other. */
export type Sendable =
  | CommandDefinition<object, never>
  | EventDefinition<object, never>
  | ReplyDefinition<object, never>;

/**
 * A handler from outside of this program failed. It gets the same text each time and knows nothing else, so it would fail again:
 * its message is parked at once, and the reason says what became of it.
 */
export class IsolatedHandlerFailed extends Unrecoverable {
  override readonly name = "IsolatedHandlerFailed";
  readonly failing: Failing | "answered nonsense";
  readonly thrown: Thrown | undefined;

  constructor(failing: Failing | "answered nonsense", detail: string, thrown?: Thrown) {
    super(`The handler ${failing}${detail}. Correct its source, and retry the message.`);
    this.failing = failing;
    this.thrown = thrown;
  }
}

/**
 * Makes a handler of a text. Each message is handled in a heap of its own, which is thrown away afterwards: the text is evaluated,
 * called with body and context as plain data, and what it returns says what is sent.
 *
 * ```ts
 * c.handle(PriceOrder, isolated(heaps, ruleOf, [OrderPriced]));
 * // (order, { messageId, type, headers }) => [{ type: "pricing.OrderPriced", body: { orderId: order.orderId, total: 7 } }]
 * ```
 * It is synchronous: inside there is nothing to wait for.
 * @param source an expression of JavaScript that is a function, or where to find it for a message.
 * @param sends all that it may send.
 * @returns a handler that throws {@link IsolatedHandlerFailed}.
 */
export function isolated<Body extends object>(
  heaps: Heaps,
  source: string | ((body: Body) => string),
  sends: readonly Sendable[],
): (body: Body, context: HandlerContext) => Promise<void> {
  return async (body, context) => {
    const { messageId, type, headers } = context;
    const input = JSON.stringify([body, { messageId, type, headers }]);
    const outcome = await heaps.run(typeof source === "string" ? source : source(body), input);
    if ("failed" in outcome) {
      const { failed, thrown } = outcome;
      throw new IsolatedHandlerFailed(failed, thrown === undefined ? "" : ` ${thrown.name}: ${thrown.message}`, thrown);
    }
    await sendAll(context, messagesIn(outcome.output, sends));
  };
}

/** The messages that a handler returned as data: one, or a list, all of them looked at. @throws IsolatedHandlerFailed */
export function messagesIn(output: string, sends: readonly Sendable[]): readonly (readonly [Sendable, object])[] {
  const answer: unknown = JSON.parse(output);
  return (Array.isArray(answer) ? answer : [answer]).map((message: unknown) => {
    const { type, body } = Object(message) as Record<string, unknown>;
    const definition = sends.find((each) => each.type === type);
    if (definition === undefined || typeof body !== "object" || body === null) {
      const allowed = sends.map((each) => `{ type: "${each.type}", body: {…} }`).join(" and ");
      throw new IsolatedHandlerFailed("answered nonsense", `: it may return ${allowed}, not ${excerpt(message)}`);
    }
    return [definition, body];
  });
}

/** Bodies are checked where they are sent, by the schemas of their definitions. */
export async function sendAll(context: HandlerContext, messages: ReturnType<typeof messagesIn>): Promise<void> {
  for (const [definition, body] of messages) {
    if (definition.kind === "command") await context.send(definition, body as never);
    else if (definition.kind === "event") await context.publish(definition, body as never);
    else await context.reply(definition, body as never);
  }
}

const excerpt = (value: unknown): string => JSON.stringify(value).slice(0, 100);
