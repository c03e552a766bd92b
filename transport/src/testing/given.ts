import { AssertionError, deepStrictEqual } from "node:assert";
import type { EventSourced } from "../declare/event-sourced.ts";
import { type Decider, decisionOf } from "../event-sourced/decision.ts";
import type { Message } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import { asRead, contextOf } from "./as-read.ts";

/** An aggregate or process manager with a history. */
export interface Given<State> {
  /** Lets it decide on a message, and says what is expected of that. `context` is what a handler knows of the message. */
  when(message: Message, context?: Partial<MessageContext>): Outcome<State>;
}

/** What became of a message. Each expectation that does not hold throws an AssertionError, so any test runner shows it. */
export interface Outcome<State> {
  /** Exactly these messages leave, in this order: events, commands and replies. */
  then(...expected: readonly Message[]): Outcome<State>;
  /** No message leaves. */
  thenNothing(): Outcome<State>;
  /** The state is this one, once the events of the decision are folded, too. */
  state(expected: State): Outcome<State>;
  /** The decision throws an error of this class, or one whose message matches. */
  throws(expected: (new (...args: never[]) => Error) | RegExp): Outcome<State>;
}

/**
 * Tests an aggregate or process manager without a server: its history, a message, and what it decides. Bodies are what they become in
 * a stream and out of it: JSON.
 *
 * ```ts
 * given(order, OrderPlaced({ orderId: "17" })).when(PlaceOrder({ orderId: "17" })).thenNothing();
 * given(order).when(PlaceOrder({ orderId: "17" })).then(OrderPlaced({ orderId: "17" })).state({ placed: true });
 * ```
 */
export function given<State>(source: EventSourced<State>, ...history: readonly Message[]): Given<State> {
  return {
    when(message, said = {}) {
      const { type } = message.definition;
      const title = `${source.category}: given ${inWords(history)}, when ${type}`;
      const context = { ...contextOf(message.definition), ...said };
      const before = history.reduce((now, past) => folded(source, now, past), begin(source));
      const entry = source.entries.find(({ on }) => on.type === type);
      if (entry === undefined) throw new RangeError(`${source.category} takes no ${type}.`);
      try {
        const body = asRead(message.body);
        const stream = `${source.category}-${entry.id(body, context)}`;
        const decided = decisionOf(entry, before, { stream, body, context });
        return outcomeOf(source, title, { decided, before });
      } catch (error) {
        return outcomeOf<State>(source, title, { error });
      }
    },
  };
}

type Result<State> =
  | { readonly decided: readonly Message[]; readonly before: Decider<State> }
  | { readonly error: unknown };

function outcomeOf<State>(source: EventSourced<State>, title: string, result: Result<State>): Outcome<State> {
  const decided = (): Exclude<Result<State>, { readonly error: unknown }> => {
    if ("decided" in result) return result;
    throw new AssertionError({ message: `${title}: it throws ${String(result.error)}`, actual: result.error });
  };
  const outcome: Outcome<State> = {
    // oxlint-disable-next-line unicorn/no-thenable -- the word of the field; whoever awaits it is told
    then(...expected) {
      if (typeof expected[0] === "function")
        throw new TypeError("given(…).when(…) is no promise. Do not await it, nor return it from an async function.");
      compare(title, decided().decided.map(comparable), expected.map(comparable));
      return outcome;
    },
    thenNothing() {
      compare(title, decided().decided.map(comparable), []);
      return outcome;
    },
    state(expected) {
      const { before, decided: messages } = decided();
      const { state } = messages.reduce((now, made) => folded(source, now, made), before);
      compare(`${title}, its state`, state, expected);
      return outcome;
    },
    throws(expected) {
      if ("decided" in result) {
        const decided = result.decided.map(comparable);
        throw new AssertionError({
          message: `${title}: it does not throw, but decides ${inWords(result.decided)}`,
          actual: decided,
        });
      }
      const { error } = result;
      const isExpected =
        expected instanceof RegExp ? error instanceof Error && expected.test(error.message) : error instanceof expected;
      if (isExpected) return outcome;
      throw new AssertionError({ message: `${title}: it throws ${String(error)}`, actual: error, expected });
    },
  };
  return outcome;
}

const begin = <State>({ initial }: EventSourced<State>): Decider<State> => ({
  state: initial,
  hasBegun: false,
  isCompleted: false,
});

function folded<State>(source: EventSourced<State>, now: Decider<State>, message: Message): Decider<State> {
  const { definition } = message;
  const context = contextOf(definition);
  return {
    state: source
      .upcast({ definition, body: asRead(message.body) }, context)
      .reduce((state, event) => source.evolve(state, event), now.state),
    hasBegun: now.hasBegun || definition.kind === "event",
    isCompleted: now.isCompleted || source.completedBy.includes(definition.type),
  };
}

const comparable = ({ definition, body, timing, cancels }: Message): object => ({
  type: definition.type,
  body: asRead(body),
  ...(timing === undefined ? {} : { timing }),
  ...(cancels === undefined ? {} : { cancels }),
});

const inWords = (messages: readonly Message[]): string =>
  messages.length === 0 ? "nothing" : messages.map(({ definition }) => definition.type).join(", ");

function compare(title: string, actual: unknown, expected: unknown): void {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    throw new AssertionError({ message: `${title}: ${error.message}`, actual, expected, operator: "deepStrictEqual" });
  }
}
