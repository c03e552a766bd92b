import { requireComponentName } from "../topology/component-name.ts";
import { DEFAULT_MESSAGE_TIMEOUT } from "../topology/shape.ts";
import type {
  CommandDefinition,
  EventDefinition,
  Message,
  MessageDefinition,
  MessageIdentity,
  ReplyDefinition,
} from "../messages/definition.ts";
import { requireDefinition } from "../messages/require-definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { Aggregate } from "./aggregate.ts";
import type { SendMode } from "../messages/send-mode.ts";
import type { HandlerContext } from "./context.ts";
import type { Recover } from "./recover.ts";
import { DuplicateDeclaration } from "./duplicate-declaration.ts";
import { type EventSourced, type Messages, toList } from "./event-sourced.ts";
import type { ProcessManager } from "./process-manager.ts";
import type { SubscribeOptions } from "./subscribe-options.ts";
import type { View } from "./view.ts";
import { WrongOwner } from "./wrong-owner.ts";

/** Messages with the same key are handled one after the other, in the order of the queue; undefined: beside all others. */
export type PartitionKey<Body extends object> = (body: Body, context: MessageContext) => string | undefined;

/** What a component says of one of its handlers. */
export interface HandlerOptions<Body extends object> extends SubscribeOptions {
  /** Instead of that of the component. */
  readonly partitionKey?: PartitionKey<Body>;
}

export interface ComponentOptions {
  /** How the messages of its plain handlers and receptors leave. Default `transactional`. */
  readonly sends?: SendMode;
  /**
   * Handlers that run at once in one instance, 1 or more. From 2 on, twice as many may wait for what they sent to be stored. Default
   * 10. Can be changed while running.
   */
  readonly concurrency?: number;
  /** Times a failing message is tried again at once. Default 3. */
  readonly immediateRetries?: number;
  /**
   * Times it is tried again later after that, each time with as many immediate retries, before it is parked; 0 for none. Meanwhile it
   * waits on the server and holds up nothing. Default 3.
   */
  readonly delayedRetries?: number;
  /** Milliseconds before the first delayed retry; each further one waits as much longer. Up to a fifth is added by chance. Default 10 000. */
  readonly timeIncrease?: number;
  /**
   * Times an instance gives back a message of a type that it does not know, since others may be newer and know it, before it is
   * parked. It waits 100 milliseconds the first time, twice as long each further time, and ten seconds at most: with the default of
   * 100 a quarter of an hour in all. None of these counts as a delayed retry. 0: it is parked at once.
   */
  readonly unknownTypeRetries?: number;
  /**
   * Decides what becomes of a message whose handling failed: `{ action: "retry" }` at once, `{ action: "retry after", milliseconds }`,
   * `park`, `discard` or `handled`; undefined leaves it to the retries above. When it throws the message is delivered again.
   */
  readonly recover?: Recover;
  /**
   * Milliseconds after which the server takes an unsettled message for lost and hands it out again, so more than the slowest
   * handler takes. Default 30 000.
   */
  readonly messageTimeout?: number;
  /**
   * Keeps messages that belong together in order, such as those of one customer: by this key of the body they are handled one after
   * the other by an instance, all others beside them. Default: all are handled beside each other.
   */
  readonly partitionKey?: PartitionKey<object>;
  /**
   * Milliseconds that a handler may take; then its signal is aborted, and a moment later others are handled in its place. Default:
   * until its message timeout, less a margin of a tenth and at most a second.
   */
  readonly handlerTimeout?: number;
  /**
   * Attempts to handle one message alone that have begun and never ended, after which it is parked: a message that kills its
   * process each time must not come for ever. What was handed out and not begun does not count, nor what was handled beside others:
   * from the third time on it is handled with nothing beside it. Default 10.
   */
  readonly maxDeliveries?: number;
}

/** Declares what a component handles. */
export interface ComponentBuilder {
  /** Handles a command or a reply sent to this component, or an event, which subscribes it. Several handlers of one type run in turn. */
  handle<Body extends object, Sent extends object>(
    message: MessageDefinition<Body, Sent>,
    handler: (body: Body, context: HandlerContext) => void | Promise<void>,
    options?: HandlerOptions<Body>,
  ): void;
  /** Turns an event into commands: pure, and they leave as the messages of a handler do. */
  receptor<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    commands: (body: Body, context: MessageContext) => Messages,
    options?: SubscribeOptions,
  ): void;
  /** Lets this component own an aggregate: it takes the messages the aggregate decides on. */
  aggregate<State>(aggregate: Aggregate<State>): void;
  /** Lets this component own a process manager. */
  processManager<State>(processManager: ProcessManager<State>): void;
  /** Runs a view in every instance of this component. */
  view<State>(view: View<State>): void;
}

/** A handler without the types. */
export interface HandlerEntry {
  readonly on: MessageIdentity;
  readonly options: SubscribeOptions;
  readonly partitionKey?: PartitionKey<object> | undefined;
  handle(body: object, context: HandlerContext): Promise<void>;
}

/** Options that have no value of their own where they are not said. */
type Unsaid = "recover" | "handlerTimeout" | "partitionKey";

/** A declared component: a plain value that is run, deployed, planned and tested from. */
export interface Component {
  readonly name: string;
  readonly options: AllComponentOptions;
  readonly handlers: readonly HandlerEntry[];
  readonly eventSourced: readonly EventSourced<unknown>[];
  readonly views: readonly View<unknown>[];
}

/** Options with their defaults; `handlerTimeout` follows from the message timeout where it is not said. */
export type AllComponentOptions = Required<Omit<ComponentOptions, Unsaid>> & Pick<ComponentOptions, Unsaid>;

const DEFAULTS: AllComponentOptions = {
  sends: "transactional",
  concurrency: 10,
  immediateRetries: 3,
  delayedRetries: 3,
  timeIncrease: 10_000,
  unknownTypeRetries: 100,
  messageTimeout: DEFAULT_MESSAGE_TIMEOUT,
  maxDeliveries: 10,
};

/**
 * Declares a component: its name, which names its streams, and what it handles. Nothing is connected or written.
 *
 * ```ts
 * const sales = component("sales", (c) => {
 *   c.handle(PlaceOrder, async (order, ctx) => {
 *     await ctx.publish(OrderPlaced, { orderId: order.orderId, total: order.total });
 *     await ctx.send(ChargeCard, { orderId: order.orderId, amount: order.total });
 *   });
 * });
 * const mailer = component("mailer", { sends: "direct", concurrency: 2 }, (c) => { … });
 * ```
 * @throws InvalidName for a name with a dash or other bad characters; WrongOwner where it handles a command of another component;
 *   DuplicateDeclaration where two of its aggregates have one category.
 */
export function component(name: string, build?: (builder: ComponentBuilder) => void): Component;
export function component(
  name: string,
  options: ComponentOptions,
  build: (builder: ComponentBuilder) => void,
): Component;
export function component(
  name: string,
  ...rest:
    | readonly [build?: ((builder: ComponentBuilder) => void) | undefined]
    | readonly [ComponentOptions, (builder: ComponentBuilder) => void]
): Component {
  const [options, build = () => {}] = rest.length === 2 ? rest : [{}, rest[0]];
  requireComponentName(name);
  const all = { ...DEFAULTS, ...options };
  requireAtLeast("concurrency", all.concurrency, 1);
  requireAtLeast("immediateRetries", all.immediateRetries, 0);
  requireAtLeast("delayedRetries", all.delayedRetries, 0);
  requireAtLeast("timeIncrease", all.timeIncrease, 0);
  requireAtLeast("unknownTypeRetries", all.unknownTypeRetries, 0);
  requireAtLeast("messageTimeout", all.messageTimeout, 1);
  requireAtLeast("maxDeliveries", all.maxDeliveries, 1);
  if (all.handlerTimeout !== undefined) requireAtLeast("handlerTimeout", all.handlerTimeout, 1);
  const handlers: HandlerEntry[] = [];
  const eventSourced: EventSourced<unknown>[] = [];
  const views: View<unknown>[] = [];
  const own = (source: EventSourced<unknown>): void => {
    if (source.category === name || eventSourced.some((other) => other.category === source.category)) {
      // Both would have a router that writes `out-<name>`, and two projections writing one stream fault (spec 3.6).
      throw new DuplicateDeclaration(`component ${name}`, `the name ${source.category} of a component or category`);
    }
    for (const entry of source.entries) requireOwner(name, entry.on);
    eventSourced.push(source);
  };
  build({
    handle: <Body extends object>(
      on: MessageDefinition<Body, never>,
      handler: (body: Body, context: HandlerContext) => void | Promise<void>,
      options: HandlerOptions<Body> = {},
    ) => {
      requireOwner(name, on);
      if (typeof handler !== "function") throw new TypeError(`The handler of ${on.type} is no function.`);
      const partitionKey = options.partitionKey as PartitionKey<object> | undefined;
      handlers.push({ on, options, partitionKey, handle: async (body, context) => handler(body as Body, context) });
    },
    receptor: <Body extends object>(
      on: EventDefinition<Body, never>,
      commands: (body: Body, context: MessageContext) => Messages,
      subscribe: SubscribeOptions = {},
    ) => {
      requireDefinition(on);
      handlers.push({
        on,
        options: subscribe,
        handle: (body, context) => sendAll(toList(commands(body as Body, context)), context),
      });
    },
    aggregate: (aggregate) => own(aggregate as EventSourced<unknown>),
    processManager: (processManager) => own(processManager as EventSourced<unknown>),
    view: (view) => void views.push(view as View<unknown>),
  });
  return Object.freeze({ name, options: Object.freeze(all), handlers, eventSourced, views });
}

async function sendAll(messages: readonly Message[], context: HandlerContext): Promise<void> {
  for (const { definition, body, timing, cancels } of messages) {
    if (cancels === true)
      throw new TypeError(
        `A receptor has deferred nothing, so it cannot cancel ${definition.type}. Let an aggregate do it.`,
      );
    if (isCommand(definition)) await context.send(definition, body, timing);
    else if (isEvent(definition)) await context.publish(definition, body, timing);
    else await context.reply(definition as ReplyDefinition<object>, body, timing);
  }
}

const isCommand = (definition: MessageIdentity): definition is CommandDefinition<object> =>
  definition.kind === "command";
const isEvent = (definition: MessageIdentity): definition is EventDefinition<object> => definition.kind === "event";

function requireOwner(name: string, on: MessageIdentity): void {
  requireDefinition(on);
  if (on.kind === "command" && on.to !== name) throw new WrongOwner(name, on.type, on.to ?? "");
}

function requireAtLeast(what: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(`${what} is ${value}. Give a whole number, ${least} or more.`);
}
