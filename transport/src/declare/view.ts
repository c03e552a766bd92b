import { DuplicateDeclaration } from "./duplicate-declaration.ts";
import type { EventDefinition, MessageIdentity } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";

/** Declares which published events a view folds. */
export interface ViewBuilder<State> {
  /** `fold` may change the state in place (a Map, say) and return nothing, or return a new one. */
  on<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    fold: (state: State, body: Body, context: MessageContext) => State | void,
  ): void;
}

/**
 * A read model in memory: every published event of history folded once, in the order of the log, at each start, then each new
 * one as it comes. It has no store and so nothing that could disagree with the streams.
 */
export interface View<State> {
  readonly kind: "view";
  readonly name: string;
  initial(): State;
  readonly folds: readonly FoldEntry<State>[];
}

/** One event a view folds, without the types. */
export interface FoldEntry<State> {
  readonly on: MessageIdentity;
  fold(state: State, body: object, context: MessageContext): State | void;
}

/** A running view. */
export interface ViewHandle<State> {
  /** The state as folded so far. All of history is in it once `startEndpoint` has answered. */
  readonly state: State;
  /** Waits until the state satisfies `holds`; looks after every event folded. Rejects with the signal's reason. */
  until(holds: (state: State) => boolean, options?: { readonly signal?: AbortSignal }): Promise<State>;
}

/**
 * Declares a view. `initial` makes the empty state; it is called once per start.
 *
 * ```ts
 * const totals = view("totals", () => new Map<string, number>(), (v) => {
 *   v.on(OrderPlaced, (rows, e) => void rows.set(e.orderId, e.total));
 * });
 * ```
 * @throws DuplicateDeclaration where an event is folded twice.
 */
export function view<State>(
  name: string,
  initial: () => State,
  build: (builder: ViewBuilder<State>) => void,
): View<State> {
  const folds = new Map<string, FoldEntry<State>>();
  build({
    on: <Body extends object>(
      on: EventDefinition<Body, never>,
      fold: (state: State, body: Body, context: MessageContext) => State | void,
    ) => {
      if (folds.has(on.type)) throw new DuplicateDeclaration(`view ${name}`, `a fold of ${on.type}`);
      folds.set(on.type, { on, fold: (state, body, context) => fold(state, body as Body, context) });
    },
  });
  return Object.freeze({ kind: "view", name, initial, folds: [...folds.values()] });
}
