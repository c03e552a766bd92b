import { requireCategoryName } from "../topology/component-name.ts";
import type { EventDefinition, MessageDefinition } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { Decide, EventSourced, EventSourcedOptions, Evolve, Initial, Upcast } from "./event-sourced.ts";
import { EventSourcedParts } from "./event-sourced-parts.ts";
import type { SubscribeOptions } from "./subscribe-options.ts";

/** Declares what an aggregate does with which message. */
export interface AggregateBuilder<State, Own extends string = string> {
  /**
   * Decides on a message (a command, or another component's event or reply). `id` names the instance: its stream is
   * `<category>-<id>`. A message that leads to nothing returns nothing.
   */
  decide<Body extends object, Sent extends object>(
    on: MessageDefinition<Body, Sent>,
    id: (body: Body, context: MessageContext) => string,
    decide: Decide<State, Body, Own>,
    options?: SubscribeOptions,
  ): void;
  /** Folds one of its own events. Without a function, it leaves the state as it is. */
  evolve<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent, Own>,
    evolve?: Evolve<State, Body>,
  ): void;
  /**
   * Makes of an event of an older type, or of an older form of the same type, what it is today, each time it is read. The stream
   * stays as it is. What it makes is upcast in turn, where there is an upcast for that type.
   */
  upcast<Body extends object, Sent extends object>(from: MessageDefinition<Body, Sent>, upcast: Upcast<Body>): void;
}

/** Things of one kind, each with a stream of its own: two pure functions, `decide` and `evolve`. */
export interface Aggregate<State> extends EventSourced<State> {
  readonly kind: "aggregate";
}

/**
 * Declares an aggregate. `initial` is its state before its first event: plain data, of which each instance begins with the same
 * frozen copy, or a function that makes it.
 *
 * ```ts
 * const order = aggregate("order", { placed: false }, (a) => {
 *   a.decide(PlaceOrder, (o) => o.orderId, (state, o) => (state.placed ? [] : [OrderPlaced(o)]));
 *   a.evolve(OrderPlaced, () => ({ placed: true }));
 * });
 * const ledger = aggregate("ledger", { sum: 0 }, { snapshot: 200 }, (a) => { … });
 * ```
 * @throws InvalidName for a bad category; InvalidInitialState for a value that is not plain data; DuplicateDeclaration where a
 *   message is decided on, folded or upcast twice.
 */
export function aggregate<State>(
  category: string,
  initial: Initial<State>,
  build: (builder: AggregateBuilder<State>) => void,
): Aggregate<State>;
export function aggregate<State, Own extends string = string>(
  category: string,
  initial: Initial<State>,
  options: EventSourcedOptions<Own>,
  build: (builder: AggregateBuilder<State, Own>) => void,
): Aggregate<State>;
export function aggregate<State>(
  category: string,
  initial: Initial<State>,
  ...rest:
    | readonly [(builder: AggregateBuilder<State>) => void]
    | readonly [EventSourcedOptions, (builder: AggregateBuilder<State>) => void]
): Aggregate<State> {
  const [options, build] = rest.length === 1 ? [{}, rest[0]] : rest;
  requireCategoryName(category);
  const parts = new EventSourcedParts<State>(`aggregate ${category}`);
  build({
    decide: (on, id, decide, options = {}) =>
      parts.addDecide(on, id, decide, { options, notFound: "begin", completed: "ignore" }),
    evolve: (event, evolve) => parts.addEvolve(event, evolve),
    upcast: (from, upcast) => parts.addUpcast(from, upcast),
  });
  return parts.seal("aggregate", category, initial, options);
}
