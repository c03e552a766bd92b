import { requireCategoryName } from "../topology/component-name.ts";
import type { Message, MessageDefinition, MessageIdentity } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { SubscribeOptions } from "./component.ts";
import { EventSourcedParts } from "./event-sourced-parts.ts";

/** What a pure function answers: one message, several, or none. */
export type Messages = Message | readonly Message[] | undefined;

/** Decides what happens: from the state and a message to events, and to commands and replies for others. Pure. */
export type Decide<State, Body> = (state: State, body: Body, context: MessageContext) => Messages;
/** Folds one of the aggregate's own events into its state. Pure: gives a new state, or the same one. */
export type Evolve<State, Body> = (state: State, body: Body) => State;

/** Declares what an aggregate does with which message. */
export interface AggregateBuilder<State> {
  /**
   * Decides on a message (a command, or another component's event or reply). `id` names the instance: its stream is
   * `<category>-<id>`. A message that leads to nothing returns nothing.
   */
  decide<Body extends object, Sent extends object>(
    on: MessageDefinition<Body, Sent>,
    id: (body: Body, context: MessageContext) => string,
    decide: Decide<State, Body>,
    options?: SubscribeOptions,
  ): void;
  /** Folds one of its own events. Events without an evolve leave the state as it is. */
  evolve<Body extends object, Sent extends object>(
    event: MessageDefinition<Body, Sent>,
    evolve: Evolve<State, Body>,
  ): void;
}

/** One message an event-sourced handler takes, without the types. */
export interface DecideEntry<State> {
  readonly on: MessageIdentity;
  readonly options: SubscribeOptions;
  id(body: object, context: MessageContext): string;
  decide(state: State, body: object, context: MessageContext): readonly Message[];
}

/** An event-sourced handler: its state is what its stream's events fold to, and each decision is one append to that stream. */
export interface EventSourced<State> {
  readonly kind: "aggregate" | "process manager";
  /** Its streams are `<category>-<id>`; one component owns it. */
  readonly category: string;
  readonly initial: State;
  /** Whether what its streams hold when it is first deployed is published, too. */
  readonly from: "now" | "start";
  readonly entries: readonly DecideEntry<State>[];
  /** Types of the events that end an instance; messages that come after one of them are ignored. */
  readonly completedBy: readonly string[];
  /** The decision on `message` alone, for tests. Throws RangeError where the message is not taken. */
  decide(state: State, message: Message, context?: Partial<MessageContext>): readonly Message[];
  /** Folds a message of its own stream; one that it does not fold, such as a command, changes nothing. */
  evolve(state: State, message: Message): State;
}

/** Things of one kind, each with a stream of its own: two pure functions, `decide` and `evolve`. */
export interface Aggregate<State> extends EventSourced<State> {
  readonly kind: "aggregate";
}

/** What can be said of an aggregate or process manager besides what it does. */
export interface EventSourcedOptions {
  /**
   * Where its category has events already when it is first deployed, as that of another program has: `now` (default) publishes
   * none of these, `start` publishes all.
   */
  readonly from?: "now" | "start";
}

/**
 * Declares an aggregate. `initial` is its state before its first event; it is never changed.
 *
 * ```ts
 * const order = aggregate("order", { placed: false }, (a) => {
 *   a.decide(PlaceOrder, (o) => o.orderId, (state, o) => (state.placed ? [] : [OrderPlaced(o)]));
 *   a.evolve(OrderPlaced, () => ({ placed: true }));
 * });
 * ```
 * @throws InvalidName for a bad category; DuplicateDeclaration where a message is decided on, or folded, twice.
 */
export function aggregate<State>(
  category: string,
  initial: State,
  build: (builder: AggregateBuilder<State>) => void,
  { from = "now" }: EventSourcedOptions = {},
): Aggregate<State> {
  requireCategoryName(category);
  const parts = new EventSourcedParts<State>(`aggregate ${category}`);
  build({
    decide: (on, id, decide, options = {}) => parts.addDecide(on, id, decide, options),
    evolve: (event, evolve) => parts.addEvolve(event, evolve),
  });
  return Object.freeze({ kind: "aggregate", from, ...parts.seal(category, initial) });
}
