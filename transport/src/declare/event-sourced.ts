import type { Message, MessageIdentity } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { SubscribeOptions } from "./subscribe-options.ts";

/** What a pure function answers: one message, several, or none. Where `Own` names events, no other event is among them. */
export type Messages<Own extends string = string> = Decided<Own> | readonly Decided<Own>[] | undefined;

type Decided<Own extends string> = string extends Own ? Message : Message<"event", Own> | Message<"command" | "reply">;

/** Decides what happens: from the state and a message to events, and to commands and replies for others. Pure. */
export type Decide<State, Body, Own extends string = string> = (
  state: State,
  body: Body,
  context: MessageContext,
) => Messages<Own>;
/** Folds one of the aggregate's own events into its state. Pure: gives a new state, or the same one; the one it gets is frozen. */
export type Evolve<State, Body> = (state: State, body: Body) => State;
/** Makes of an old event what it is today: one event, several, or none. Pure. */
export type Upcast<Body> = (body: Body, context: MessageContext) => Messages;

/** The state before an instance's first event: plain data, which is copied and frozen, or a function that makes it. */
export type Initial<State> = State | (() => State);

/** What an aggregate or process manager says of itself besides what it does. */
export interface EventSourcedOptions<Own extends string = string> {
  /**
   * Where its category has events already when it is first deployed, as that of another program has: `now` (default) publishes
   * none of these, `start` publishes all.
   */
  readonly from?: "now" | "start";
  /**
   * Its own events. Given, no decision can return another event, which TypeScript checks, and each needs an `evolve`, if only one
   * without a function, which the declaration checks. Default: any event, and those without `evolve` change nothing.
   */
  readonly events?: readonly { readonly kind: "event"; readonly type: Own }[];
  /**
   * Keeps a snapshot of each instance's state after every so many events, 1 or more, so that an instance that is not in memory need
   * not be folded from its first event. Default: none. The state must be plain data. A snapshot that another fold has made is not
   * used: the text of `evolve` and `upcast` is compared, and the version, to be raised where what they call has changed.
   */
  readonly snapshot?: number | { readonly every: number; readonly version?: number };
}

/** What becomes of a message that finds an instance in a state in which it does not take it, here without the types. */
export type Unexpected = "ignore" | "fail" | ((body: object, context: MessageContext) => readonly Message[]);

/** One message an event-sourced handler takes, without the types. */
export interface DecideEntry<State> {
  readonly on: MessageIdentity;
  readonly options: SubscribeOptions;
  /** Where its instance has no event yet: it begins, or what else becomes of the message. */
  readonly notFound: "begin" | Unexpected;
  /** Where its instance has ended. */
  readonly completed: Unexpected;
  /** What of these its instance has deferred, and still waits, is canceled when the instance ends. */
  readonly canceledByCompletion?: boolean;
  id(body: object, context: MessageContext): string;
  decide(state: State, body: object, context: MessageContext): readonly Message[];
}

/** An event-sourced handler: its state is what its stream's events fold to, and each decision is one append to that stream. */
export interface EventSourced<State> {
  readonly kind: "aggregate" | "process manager";
  /** Its streams are `<category>-<id>`; one component owns it. */
  readonly category: string;
  /** Whether what its streams hold when it is first deployed is published, too. */
  readonly from: "now" | "start";
  /** The state before the first event: frozen, or a new one each time it is asked for. */
  readonly initial: State;
  readonly entries: readonly DecideEntry<State>[];
  /** Types of the events that end an instance. */
  readonly completedBy: readonly string[];
  /** Types of the messages that an instance which ends cancels, where it has deferred them. */
  readonly canceledByCompletion: ReadonlySet<string>;
  /** Events between two snapshots; undefined for none. */
  readonly snapshotEvery: number | undefined;
  /** Tells this fold from another one, which would make another state of the same events. */
  readonly foldVersion: string;
  /** Whether events of this type take part in the state. */
  folds(type: string): boolean;
  /** The decision on `message` alone, for tests. Throws RangeError where the message is not taken. */
  decide(state: State, message: Message, context?: Partial<MessageContext>): readonly Message[];
  /** What a message of its own stream is today. */
  upcast(message: Message, context: MessageContext): readonly Message[];
  /** Folds a message of its own stream; one that it does not fold, such as a command, changes nothing. */
  evolve(state: State, message: Message): State;
}

/** One message, several or none, as a list. */
export function toList(messages: Messages): readonly Message[] {
  if (messages === undefined) return [];
  return Array.isArray(messages) ? messages : [messages as Message];
}
