import { requireCategoryName } from "../topology/component-name.ts";
import type { EventDefinition, MessageDefinition } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { Decide, EventSourced, EventSourcedOptions, Evolve, Messages } from "./aggregate.ts";
import type { SubscribeOptions } from "./component.ts";
import { EventSourcedParts } from "./event-sourced-parts.ts";

/** Declares which messages a process manager correlates, what it decides, and what it asks others to do. */
export interface ProcessManagerBuilder<State> {
  /**
   * Takes a message of others. `id` correlates it: messages with the same id meet the same instance, and the first of them,
   * whichever it is, begins it (there is no order between a command and an event of the same handler).
   */
  on<Body extends object, Sent extends object>(
    message: MessageDefinition<Body, Sent>,
    id: (body: Body, context: MessageContext) => string,
    decide: Decide<State, Body>,
    options?: SubscribeOptions,
  ): void;
  /** Folds one of its own events into its state. */
  evolve<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    evolve: Evolve<State, Body>,
  ): void;
  /**
   * The gateway: what one of its own events asks of others. Called with the state after that event; the commands leave in the
   * same append as the event.
   */
  gateway<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    commands: (body: Body, state: State) => Messages,
  ): void;
  /** The process has ended once this event of its own is in its stream: later messages for it are ignored. */
  completedBy<Body extends object, Sent extends object>(event: EventDefinition<Body, Sent>): void;
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
 *   p.on(OrderMatched, (e) => e.orderId, (state, e) => (state.matched ? [] : [SettlementBegun(e)]));
 *   p.evolve(SettlementBegun, (state) => ({ ...state, matched: true }));
 *   p.gateway(SettlementBegun, (e) => [ShipOrder({ orderId: e.orderId })]);
 *   p.completedBy(Settled);
 * });
 * ```
 * @throws InvalidName for a bad category; DuplicateDeclaration where something is declared twice.
 */
export function processManager<State>(
  category: string,
  initial: State,
  build: (builder: ProcessManagerBuilder<State>) => void,
  { from = "now" }: EventSourcedOptions = {},
): ProcessManager<State> {
  requireCategoryName(category);
  const parts = new EventSourcedParts<State>(`process manager ${category}`);
  build({
    on: (message, id, decide, options = {}) => parts.addDecide(message, id, decide, options),
    evolve: (event, evolve) => parts.addEvolve(event, evolve),
    gateway: (event, commands) => parts.addGateway(event, commands),
    completedBy: (event) => parts.addCompletedBy(event),
  });
  return Object.freeze({ kind: "process manager", from, ...parts.seal(category, initial) });
}
