import type { CheckpointStore } from "./checkpoint-store.ts";
import { DuplicateDeclaration } from "./duplicate-declaration.ts";
import type { EventDefinition, MessageIdentity } from "../messages/definition.ts";
import { requireDefinition } from "../messages/require-definition.ts";
import type { MessageContext } from "../messages/message-context.ts";

/** Declares which published events a view folds. */
export interface ViewBuilder<State> {
  /** `fold` may change the state in place (a Map, say) and return nothing, or return a new one. */
  on<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    fold: (state: State, body: Body, context: MessageContext) => State | void,
  ): void;
}

/** What a view does besides folding. */
export interface ViewOptions {
  /**
   * What becomes of an event that cannot be read, or whose fold throws. `stop` (default): this view ends there, and its state and
   * whoever waits for it throw ViewFailed. `skip`: it is left out. Both are told as a "view failed" of the endpoint; nothing else
   * of the process is concerned. What a fold has changed in place before it threw stays changed.
   */
  readonly onFailure?: "stop" | "skip";
  /**
   * Where its state is kept, so that a start folds only what is new. Default: nowhere, and each start folds all of history. The
   * state must be what `structuredClone` takes. Each process needs a store of its own.
   */
  readonly checkpoints?: CheckpointStore;
  /**
   * Milliseconds after which what was folded is in a checkpoint, also where nothing more comes; there is one at each stop besides.
   * Default 5 000.
   */
  readonly checkpointInterval?: number;
  /** A checkpoint of another version is not used. Raise it where what the folds call has changed; the folds' own text is compared. Default 1. */
  readonly version?: number;
}

/**
 * A read model in memory: every published event of history folded once, in the order of the log, then each new one as it comes.
 * Without checkpoints it has no store and so nothing that could disagree with the streams.
 */
export interface View<State> {
  readonly kind: "view";
  readonly name: string;
  readonly options: ViewOptions;
  initial(): State;
  readonly folds: readonly FoldEntry<State>[];
}

/** One event a view folds, without the types. */
export interface FoldEntry<State> {
  readonly on: MessageIdentity;
  /** The function as it was declared, by whose text one fold is told from another. */
  readonly declared: unknown;
  fold(state: State, body: object, context: MessageContext): State | void;
}

/** A running view. */
export interface ViewHandle<State> {
  /** The state as folded so far. @throws ViewFailed where the view has stopped. */
  readonly state: State;
  /** Waits until all that was published before the start is in the state. Rejects with ViewFailed, or the signal's reason. */
  ready(options?: { readonly signal?: AbortSignal }): Promise<State>;
  /** Waits until the state satisfies `holds`; looks after every event folded. Rejects with ViewFailed, or the signal's reason. */
  until(holds: (state: State) => boolean, options?: { readonly signal?: AbortSignal }): Promise<State>;
}

/**
 * Declares a view. `initial` makes the empty state; it is called once per start.
 *
 * ```ts
 * const totals = view("totals", () => new Map<string, number>(), (v) => {
 *   v.on(OrderPlaced, (rows, e) => void rows.set(e.orderId, e.total));
 * });
 * const kept = view("kept", () => new Map<string, number>(), { checkpoints: fileCheckpoints("./views") }, (v) => { … });
 * ```
 * @throws DuplicateDeclaration where an event is folded twice.
 */
export function view<State>(
  name: string,
  initial: () => State,
  build: (builder: ViewBuilder<State>) => void,
): View<State>;
export function view<State>(
  name: string,
  initial: () => State,
  options: ViewOptions,
  build: (builder: ViewBuilder<State>) => void,
): View<State>;
export function view<State>(
  name: string,
  initial: () => State,
  ...[first, second]:
    | readonly [(builder: ViewBuilder<State>) => void]
    | readonly [ViewOptions, (builder: ViewBuilder<State>) => void]
): View<State> {
  const [options, build] = typeof first === "function" ? [{}, first] : [first, second];
  const folds = new Map<string, FoldEntry<State>>();
  build?.({
    on: <Body extends object>(
      on: EventDefinition<Body, never>,
      fold: (state: State, body: Body, context: MessageContext) => State | void,
    ) => {
      requireDefinition(on);
      if (folds.has(on.type)) throw new DuplicateDeclaration(`view ${name}`, `a fold of ${on.type}`);
      folds.set(on.type, { on, declared: fold, fold: (state, body, context) => fold(state, body as Body, context) });
    },
  });
  return Object.freeze({ kind: "view", name, options: Object.freeze(options), initial, folds: [...folds.values()] });
}
