import { requireCategoryName } from "../topology/component-name.ts";
import type { CommandDefinition, EventDefinition, MessageDefinition } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import {
  type Decide,
  type EventSourced,
  type EventSourcedOptions,
  type Evolve,
  type Initial,
  type Messages,
  toList,
  type Unexpected,
  type Upcast,
} from "./event-sourced.ts";
import { EventSourcedParts } from "./event-sourced-parts.ts";
import type { SubscribeOptions } from "./subscribe-options.ts";

/**
 * What becomes of a message that its instance does not take. `ignore`: nothing, it is acknowledged. `fail`: it fails, is tried
 * again as the component's retries say, since what it waits for may be on its way, and is parked at last. A function: the commands
 * and replies that leave instead.
 */
export type WhenUnexpected<Body> = "ignore" | "fail" | ((body: Body, context: MessageContext) => Messages);

export interface StartedByOptions<Body> extends SubscribeOptions {
  /** Where the instance has ended. Default `ignore`. */
  readonly completed?: WhenUnexpected<Body>;
}

export interface ContinueOptions<Body> extends StartedByOptions<Body> {
  /** Where there is no such instance. Default `fail`. */
  readonly notFound?: WhenUnexpected<Body>;
}

export interface TimeoutOptions {
  /**
   * Cancels those that still wait once the instance has ended, in the append of the event that ends it, so that they are neither
   * kept nor handed out. Default false: they come in their time, and are ignored.
   */
  readonly cancelWhenCompleted?: boolean;
}

/** Declares which messages a process manager correlates, what it decides, and what it asks others to do. */
export interface ProcessManagerBuilder<State, Own extends string = string> {
  /**
   * Takes a message that begins an instance, or goes on with one that has begun. `id` correlates it: messages with the same id meet
   * the same instance. Several messages may begin one, and the first of them does, whichever it is (there is no order between a
   * command and an event of the same handler).
   */
  startedBy<Body extends object, Sent extends object>(
    message: MessageDefinition<Body, Sent>,
    id: (body: Body, context: MessageContext) => string,
    decide: Decide<State, Body, Own>,
    options?: StartedByOptions<Body>,
  ): void;
  /** Takes a message that goes on with an instance, and begins none. */
  on<Body extends object, Sent extends object>(
    message: MessageDefinition<Body, Sent>,
    id: (body: Body, context: MessageContext) => string,
    decide: Decide<State, Body, Own>,
    options?: ContinueOptions<Body>,
  ): void;
  /**
   * Takes a message that an instance has sent to itself for later, a command that its own component owns:
   * `defer(PaymentOverdue({ orderId }), { delayFor: 60_000 })`. One that comes when the instance has ended, or was never begun, is ignored.
   */
  timeout<Body extends object, Sent extends object>(
    message: CommandDefinition<Body, Sent>,
    id: (body: Body, context: MessageContext) => string,
    decide: Decide<State, Body, Own>,
    options?: TimeoutOptions,
  ): void;
  /** Folds one of its own events into its state. Without a function, it leaves the state as it is. */
  evolve<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent, Own>,
    evolve?: Evolve<State, Body>,
  ): void;
  /** Makes of an older event of its own what it is today, each time it is read. */
  upcast<Body extends object, Sent extends object>(from: EventDefinition<Body, Sent>, upcast: Upcast<Body>): void;
  /**
   * The gateway: what one of its own events asks of others. Called with the state after that event; the commands leave in the
   * same append as the event.
   */
  gateway<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent, Own>,
    commands: (body: Body, state: State) => Messages,
  ): void;
  /** The process has ended once this event of its own is in its stream. */
  completedBy<Body extends object, Sent extends object>(event: EventDefinition<Body, Sent, Own>): void;
}

/** A long-running process: an event-sourced aggregate whose messages are correlated by their properties, with a gateway. */
export interface ProcessManager<State> extends EventSourced<State> {
  readonly kind: "process manager";
}

/**
 * Declares a process manager. Its instances are streams `<category>-<id>` of its own events.
 *
 * ```ts
 * const settlement = processManager("settlement", { matched: false, shipped: false }, (p) => {
 *   p.startedBy(OrderMatched, (e) => e.orderId, (state, e) => (state.matched ? [] : [SettlementBegun(e)]));
 *   p.on(OrderShipped, (e) => e.orderId, (state, e) => Settled({ orderId: e.orderId }));
 *   p.evolve(SettlementBegun, (state) => ({ ...state, matched: true }));
 *   p.gateway(SettlementBegun, (e) => [ShipOrder({ orderId: e.orderId })]);
 *   p.completedBy(Settled);
 * });
 * ```
 * @throws InvalidName for a bad category; InvalidInitialState for a value that is not plain data; DuplicateDeclaration where
 *   something is declared twice.
 */
export function processManager<State>(
  category: string,
  initial: Initial<State>,
  build: (builder: ProcessManagerBuilder<State>) => void,
): ProcessManager<State>;
export function processManager<State, Own extends string = string>(
  category: string,
  initial: Initial<State>,
  options: EventSourcedOptions<Own>,
  build: (builder: ProcessManagerBuilder<State, Own>) => void,
): ProcessManager<State>;
export function processManager<State>(
  category: string,
  initial: Initial<State>,
  ...rest:
    | readonly [(builder: ProcessManagerBuilder<State>) => void]
    | readonly [EventSourcedOptions, (builder: ProcessManagerBuilder<State>) => void]
): ProcessManager<State> {
  const [options, build] = rest.length === 1 ? [{}, rest[0]] : rest;
  requireCategoryName(category);
  const parts = new EventSourcedParts<State>(`process manager ${category}`);
  build({
    startedBy: (message, id, decide, { completed, ...options } = {}) =>
      parts.addDecide(message, id, decide, { options, notFound: "begin", completed: unexpected(completed, "ignore") }),
    on: (message, id, decide, { notFound, completed, ...options } = {}) =>
      parts.addDecide(message, id, decide, {
        options,
        notFound: unexpected(notFound, "fail"),
        completed: unexpected(completed, "ignore"),
      }),
    timeout: (message, id, decide, { cancelWhenCompleted = false } = {}) =>
      parts.addDecide(message, id, decide, {
        options: {},
        notFound: "ignore",
        completed: "ignore",
        canceledByCompletion: cancelWhenCompleted,
      }),
    evolve: (event, evolve) => parts.addEvolve(event, evolve),
    upcast: (from, upcast) => parts.addUpcast(from, upcast),
    gateway: (event, commands) => parts.addGateway(event, commands),
    completedBy: (event) => parts.addCompletedBy(event),
  });
  return parts.seal("process manager", category, initial, options);
}

function unexpected<Body>(declared: WhenUnexpected<Body> | undefined, otherwise: "ignore" | "fail"): Unexpected {
  if (declared === undefined) return otherwise;
  return typeof declared === "string"
    ? declared
    : (body, context) => toList(declared(body as unknown as Body, context));
}
